import { wireTests } from '../support/wire-tests.ts';
import { test } from './fixtures.ts';

wireTests(test, undefined);
