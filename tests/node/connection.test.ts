import { WebSocket } from 'ws';
import { wireTests } from '../support/wire-tests.ts';
import { test } from './fixtures.ts';

wireTests(test, WebSocket);
