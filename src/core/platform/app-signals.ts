import type { Signals } from './signals.ts';
import { FULL_TEXTS } from './texts.ts';

/** What {@link appSignals} uses of `AppState` of React Native. */
export interface AppStateLike {
  /** Calls the listener with each new state of the app: `active`, `background` and, on iOS, `inactive`. */
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void };
}

/** What {@link appSignals} uses of a state of NetInfo. */
export interface NetInfoStateLike {
  /** The kind of network, such as `wifi` or `cellular`. */
  readonly type: string;
  /** Whether there is a network; null while that is not known. */
  readonly isConnected: boolean | null;
  /** Whether the internet was reached over it; null or undefined while that is not known. */
  readonly isInternetReachable?: boolean | null | undefined;
}

/** What {@link appSignals} uses of NetInfo, the default export of `@react-native-community/netinfo`. */
export interface NetInfoLike {
  /** Calls the listener with the present state and each new one, until the returned function is called. */
  addEventListener(listener: (state: NetInfoStateLike) => void): () => void;
}

/**
 * Makes the value of the `signals` option in React Native. An app that comes to the front gives `visible`. With NetInfo, a
 * network that comes, goes or changes gives `online` or `offline`.
 *
 * @param appState - `AppState` of `react-native`.
 * @param netInfo - The default export of `@react-native-community/netinfo`, in an app that has it.
 * @throws TypeError if one of them cannot be listened to.
 * @example
 * ```tsx
 * const signals = appSignals(AppState, NetInfo);
 *
 * <WebSocketProvider url="wss://example.com/live" heartbeat signals={signals}>
 *   <App />
 * </WebSocketProvider>
 * ```
 */
export function appSignals(appState: AppStateLike, netInfo?: NetInfoLike): Signals {
  if (!hasEvents(appState) || (netInfo && !hasEvents(netInfo)))
    throw new TypeError(
      `appSignals() takes AppState${FULL_TEXTS ? " of 'react-native' and, if the app has it, the default export of '@react-native-community/netinfo'" : ' and NetInfo'}.`,
    );
  return (tell) => {
    // iOS goes through `inactive` under a call or the Control Center, where the app runs on, but the user may switch the
    // network. So what the app was before `active` does not matter.
    const subscription = appState.addEventListener('change', (state) => {
      if (state === 'active') tell('visible');
    });
    const stop = netInfo && listenToNetwork(netInfo, tell);
    return () => {
      subscription.remove();
      stop?.();
    };
  };
}

const hasEvents = (source: Partial<AppStateLike | NetInfoLike> | undefined) =>
  typeof source?.addEventListener === 'function';

/** Tells of every change of the network. A socket does not survive another network, and gets no `close` event then. */
function listenToNetwork(netInfo: NetInfoLike, tell: Parameters<Signals>[0]): () => void {
  let before: { readonly network: string | null; readonly isReachable: boolean } | undefined;
  return netInfo.addEventListener(({ type, isConnected, isInternetReachable }) => {
    if (isConnected === null) return;
    const network = isConnected ? type : null;
    // NetInfo asks a server of Google, which is blocked in some countries: false does not mean that there is no network.
    const isReachable = isInternetReachable !== false;
    const isOther = network !== before?.network;
    const isChanged = isOther || isReachable !== before?.isReachable;
    // The first call only says how things are.
    if (before && isChanged) tell(network && (isOther || isReachable) ? 'online' : 'offline');
    before = { network, isReachable };
  });
}
