export { lifeline } from './core/lifeline.ts';
export type { LifelineOptions } from './core/lifeline.ts';
export { usePresence } from './react/use-presence.ts';
