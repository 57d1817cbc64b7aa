export { lifeline } from './core/lifeline/lifeline.ts';
export type { LifelineOptions } from './core/lifeline/lifeline.ts';
export { usePresence } from './react/use-presence.ts';
