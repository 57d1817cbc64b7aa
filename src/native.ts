export { appSignals } from './core/platform/app-signals.ts';
export type { AppStateLike, NetInfoLike, NetInfoStateLike } from './core/platform/app-signals.ts';
