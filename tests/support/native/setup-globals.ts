/**
 * Makes the globals of Node those of React Native: what it has not is removed. Read in the sources of React Native 0.83 and
 * of its Hermes; newer versions have some of it. What the tests and Vitest need themselves stays, such as `DOMException` and
 * `TextDecoder`: single tests show what is done without these, and tests/package/react-native.test.ts lists the globals in use.
 */

const MISSING = ['BroadcastChannel', 'MessageChannel', 'MessageEvent', 'crypto', 'structuredClone'];
for (const name of MISSING) Reflect.deleteProperty(globalThis, name);

// Its `window` is the global object, and has no events.
const PRESENT = {
  window: globalThis,
  self: globalThis,
  navigator: { product: 'ReactNative' },
  requestAnimationFrame: (draw: (now: number) => void) =>
    setTimeout(() => draw(performance.now()), 16),
  cancelAnimationFrame: (frame: never) => clearTimeout(frame),
};
for (const [name, value] of Object.entries(PRESENT))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

// The polyfill of AbortController knows no reasons.
for (const name of ['any', 'timeout']) Reflect.deleteProperty(AbortSignal, name);
for (const name of ['reason', 'throwIfAborted'])
  Reflect.deleteProperty(AbortSignal.prototype, name);

// Its URL cannot be changed. Vite, which loads the tests, sets other parts of an URL than this one.
const { URL: NodeURL } = globalThis;
if (Object.getOwnPropertyDescriptor(NodeURL.prototype, 'protocol')?.set)
  globalThis.URL = class URL extends NodeURL {
    override get protocol(): string {
      return super.protocol;
    }
  };

// Its Blob cannot be read, and has no tag.
for (const name of ['arrayBuffer', 'stream', 'text', 'bytes', Symbol.toStringTag])
  Reflect.deleteProperty(Blob.prototype, name);
