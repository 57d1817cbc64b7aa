import { expect, test } from 'vitest';
import { isRefusal } from '../../../src/server/redis/refusal.ts';

test.each([
  'WRONGPASS invalid username-password pair or user is disabled.',
  'NOAUTH Authentication required.',
  "NOPERM User default has no permissions to run the 'eval' command",
  "ERR unknown command 'HELLO', with args beginning with: '3' ",
  'ERR DB index is out of range',
  'DENIED Redis is running in protected mode because protected mode is enabled',
  'MOVED 1234 127.0.0.1:7001',
  'ERR Error running script (call to f_1): @user_script:1: WRONGTYPE Operation against a key',
])('"%s" is a refusal that only an operator ends (fault 87)', (message) => {
  expect(isRefusal(new Error(message))).toBe(true);
});

test.each([
  'ERR max number of clients reached',
  'LOADING Redis is loading the dataset in memory',
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  "READONLY You can't write against a read only replica script: 1, on @user_script:1.",
  "OOM command not allowed when used memory > 'maxmemory'. script: 1",
  'MISCONF Redis is configured to save RDB snapshots',
  'NOREPLICAS Not enough good replicas to write.',
  'BUSY Redis is busy running a script.',
  'connect ECONNREFUSED 127.0.0.1:6379',
  'there was no answer for 1500 ms',
  'Socket closed unexpectedly',
])('"%s" may pass by itself (fault 87)', (message) => {
  expect(isRefusal(new Error(message))).toBe(false);
});
