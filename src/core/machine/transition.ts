import { GOING_AWAY } from '../protocol/close-codes.ts';
import { jitter } from './backoff.ts';
import type { Cause } from './cause.ts';
import { configure } from './configure.ts';
import {
  handleProbeDeadline,
  MAX_TIMER_DELAY,
  mayHaveMissedEvents,
  probeOnHint,
  receiveFrame,
  receivePong,
  skipPong,
} from './heartbeat.ts';
import type { Context, Effect, Event, State, Step } from './state.ts';
import { isLive, isWaitingForPageShow, isWanted, keepsOutbox } from './state.ts';
import {
  closeAsRequested,
  connect,
  connectIfWanted,
  endAsRequested,
  fail,
  hasGivenUp,
  MAX_HINTED_DELAY,
  openLink,
  replace,
  reset,
  rest,
  retry,
} from './steps.ts';

/** Events that end a live connection without a holder: it makes no other attempt. So does a lost link. */
const ENDS_WITHOUT_HOLDER: readonly Event['type'][] = [
  'lingered',
  'target',
  'pagehide',
  'pageshow',
];

const PAGE_HIDDEN: Cause = { kind: 'close', code: GOING_AWAY, reason: '', wasClean: false };

/**
 * Returns the next state of a connection, and the effects to perform. The function is pure: it reads no clock, and calls
 * only the application's policy functions. An event that a state ignores returns the same state object, without effects.
 */
export function transition(state: State, event: Event, context: Context): Step {
  const step = next(state, event, context);
  return keepsOutbox(state) && !keepsOutbox(step[0]) ? [...step, ['dropOutbox']] : step;
}

function next(state: State, event: Event, context: Context): Step {
  const { now, policy } = context;
  const { status, scope, isOpened, isHeld } = state;
  const wasLive = isLive(state);
  const isOpen = status === 'open';
  const isClosing = status === 'closing';
  const stay: Step = [state];
  const fresh = reset(state);

  if (wasLive && !isWanted(state) && ENDS_WITHOUT_HOLDER.includes(event.type)) return rest(state);

  switch (event.type) {
    // Holders, and calls of the application.
    case 'retain':
      // A connection that gave up is opened by its next holder. One that the application closed stays closed.
      if (status === 'idle' || (hasGivenUp(state) && !isHeld))
        return connectIfWanted({ ...fresh, isHeld: true }, context);
      return isHeld ? stay : [{ ...state, isHeld: true }];

    case 'release':
      // One that gave up is idle then: the next holder opens it, and what is sent before that waits.
      return [{ ...(hasGivenUp(state) && !isOpened ? fresh : state), isHeld: false }];

    case 'lingered':
      return stay;

    case 'open':
    case 'reconnect': {
      if (policy.scope === null) return stay;
      // The next holder opens it. An effect calls this before its component holds the connection, or when nobody will any more.
      const keepsLink = wasLive && event.type === 'open';
      if (event.needsHolder && !isHeld) return keepsLink ? stay : rest(state);
      const opened = isWanted(state) ? state : { ...state, isOpened: true };
      return keepsLink ? [opened] : replace(opened, context);
    }

    case 'close':
      // Without a url the connection stays idle, so that it opens when the options get a url.
      if (isClosing || scope === null) return isOpened ? [{ ...state, isOpened: false }] : stay;
      if (isOpen)
        return [
          {
            ...fresh,
            isOpened: false,
            status: 'closing',
            since: now,
            deadline: now + policy.closeTimeout,
          },
          ['close', event.code, event.reason],
        ];
      return closeAsRequested(state);

    // The url, the protocols and the scope.
    case 'target':
      if (wasLive) return replace(state, context);
      // A connection that the application closed stays closed. One that gave up tries the new target.
      if (isClosing || state.cause?.kind === 'requested') return stay;
      return connectIfWanted({ ...fresh, scope: scope ?? policy.scope }, context);

    case 'newScope': {
      const entered: State = { ...fresh, scope: policy.scope };
      const hasUrl = policy.scope !== null;
      const enter: Effect[] = scope === policy.scope ? [] : [['enterScope', hasUrl]];
      const isFinal = !(wasLive && hasUrl && isWanted(state));
      return connectIfWanted(entered, context, ...endAsRequested(state, isFinal), ...enter);
    }

    case 'resolved':
      if (status !== 'connecting') return stay;
      // The url function has no url now. It is asked again on open(), reconnect(), retain() or other options.
      if (event.scope === null)
        return [{ ...fresh, scope: null }, ...endAsRequested(state, true), ['enterScope', false]];
      if (event.scope === scope) return stay;
      // The first scope: messages that were queued before it belong to it.
      if (scope === undefined) return [{ ...state, scope: event.scope }];
      return [
        { ...fresh, status, since: state.since, deadline: state.deadline, scope: event.scope },
        ['enterScope', true],
      ];

    // The link.
    case 'opened':
      if (status !== 'connecting') return stay;
      return (policy.handshake ?? policy.delivery)
        ? [{ ...state, status: 'handshaking' }, ['handshake']]
        : openLink(state, context);

    case 'ready':
      return status === 'handshaking' ? openLink(state, context) : stay;

    case 'lost':
      if (isClosing) return closeAsRequested(state);
      if (!wasLive || status === 'waiting') return stay;
      return event.isFinal
        ? fail(state, event.cause, null, context)
        : retry(state, event.cause, context);

    // Signs of life.
    case 'frame':
      return [receiveFrame(state, context)];

    case 'pong':
      return [receivePong(state, context)];

    case 'pingFailed':
      return isOpen ? [skipPong(state, context)] : stay;

    // Times, deadlines and signals.
    case 'configure':
      return configure(state, context);

    case 'deadline':
      if (now < state.deadline) return stay;
      if (status === 'waiting') return isWanted(state) ? connect(state, context) : rest(state);
      if (isClosing) return closeAsRequested(state);
      if (isOpen)
        return (
          handleProbeDeadline(state, context) ??
          retry(state, { kind: 'timeout', phase: 'heartbeat' }, context)
        );
      if (mayHaveMissedEvents(state, context))
        return [{ ...state, isExtended: true, deadline: now + MAX_TIMER_DELAY }];
      return retry(state, { kind: 'timeout', phase: 'connect' }, context);

    case 'pagehide':
      // Browsers close the sockets of a page in the back/forward cache: wait until the page is shown again.
      if (status === 'waiting') return [{ ...state, deadline: Infinity }];
      return wasLive ? fail(state, PAGE_HIDDEN, Infinity, context) : stay;

    case 'pageshow':
      return wasLive && !isOpen && state.deadline === Infinity ? connect(state, context) : stay;

    case 'wake':
    case 'online':
    case 'offline':
    case 'visible': {
      if (isOpen) return probeOnHint(state, event.type === 'wake', context);
      if (status !== 'waiting' || isWaitingForPageShow(state) || event.type === 'offline')
        return stay;
      const soon = now + jitter(policy.random, MAX_HINTED_DELAY);
      return [{ ...state, deadline: Math.min(state.deadline, soon) }];
    }
  }
}
