import { describe, expectTypeOf, test } from 'vitest';
import { type ConnectionOptions, createConnection, type Signals } from '../../src/index.ts';
import { type AppStateLike, appSignals, type NetInfoLike } from '../../src/native.ts';

// As React Native and NetInfo declare them; tests/package/react-native.test.ts has the real ones.
declare const AppState: {
  addEventListener(
    type: 'change' | 'memoryWarning' | 'blur' | 'focus',
    listener: (state: 'active' | 'background' | 'inactive' | 'unknown' | 'extension') => void,
  ): { remove(): void };
};
type NetInfoState =
  | { type: 'unknown'; isConnected: boolean | null; isInternetReachable: null; details: null }
  | { type: 'none'; isConnected: false; isInternetReachable: false; details: null }
  | { type: 'wifi'; isConnected: true; isInternetReachable?: boolean | null; details: object };
declare const NetInfo: {
  addEventListener(listener: (state: NetInfoState) => void): () => void;
  fetch(): Promise<NetInfoState>;
};

describe('appSignals()', () => {
  test('takes AppState, and NetInfo if there is one', () => {
    expectTypeOf(appSignals(AppState)).toEqualTypeOf<Signals>();
    expectTypeOf(appSignals(AppState, NetInfo)).toEqualTypeOf<Signals>();
  });

  test('takes neither of them for the other', () => {
    expectTypeOf(NetInfo).not.toExtend<AppStateLike>();
    expectTypeOf(AppState).not.toExtend<NetInfoLike>();
  });

  test('makes a value of the option signals', () => {
    expectTypeOf(appSignals).returns.toExtend<ConnectionOptions['signals']>();
    createConnection({ signals: appSignals(AppState, NetInfo) });
  });
});
