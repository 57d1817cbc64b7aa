export { lifeline } from './core/lifeline/heartbeat.ts';
export type { LifelineOptions } from './core/lifeline/heartbeat.ts';
export { usePresence } from './react/use-presence.ts';
