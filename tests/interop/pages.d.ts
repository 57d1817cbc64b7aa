// The compiler sees them in tests/package/docs.test.ts. Here each test says what it expects of its page.
declare module 'protocols.md/*';
declare module 'delivery.md/*';
// It has no types.
declare module 'stomp-broker-js';
// Its types are out of the compiler's reach: its `exports` are only for Node.
declare module 'rpc-websockets';
