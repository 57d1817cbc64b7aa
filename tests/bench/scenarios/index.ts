import type { Scenario } from '../scenario.ts';
import { burst } from './burst.tsx';
import { deadPeer } from './dead-peer.tsx';
import { fanOut } from './fan-out.tsx';
import { mount } from './mount.tsx';
import { outbox } from './outbox.tsx';
import { send } from './send.tsx';
import { steady } from './steady.tsx';

/** All scenarios, in the order in which they are run and shown. */
export const SCENARIOS: readonly Scenario[] = [
  burst,
  fanOut,
  steady,
  send,
  outbox,
  mount,
  deadPeer,
];

/** The scenario with this name. */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`There is no scenario ${name}.`);
  return found;
}
