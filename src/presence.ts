export { lifeline } from './core/lifeline/lifeline.ts';
export type { LifelineOptions } from './core/lifeline/lifeline.ts';
export { usePresence, usePresenceData } from './react/use-presence.ts';
export type { PresenceOptions } from './react/use-presence.ts';
