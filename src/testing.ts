export { matchers } from './testing/matchers.ts';
export type { TestMatchers } from './testing/matchers.ts';
export type { SetPresenceOptions } from './testing/presence.ts';
export type { StagedCalls, StagedPresence } from './testing/staged-connection.ts';
export type { TestClient } from './testing/test-client.ts';
export { TestConnection } from './testing/test-connection.tsx';
export type { TestConnectionProps } from './testing/test-connection.tsx';
export { createTestServer } from './testing/test-server.ts';
export type { TestServer, TestServerOptions, TestWorldOptions } from './testing/test-server.ts';
