import { WebSocket } from 'ws';
import { wireDataTests } from '../support/wire-data-tests.ts';
import { wireTests } from '../support/wire-tests.ts';
import { test } from './fixtures.ts';

wireTests(test, WebSocket, { tellsWhy: true });
wireDataTests(test, WebSocket);
