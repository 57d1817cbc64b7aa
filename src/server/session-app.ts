import type { AnyIdentity, ServerClient } from './clients/client.ts';
import type { Events } from './events.ts';
import type { Rate } from './limits/rate.ts';
import { RateLimit } from './limits/rate-limit.ts';
import type { Format } from './messages/format.ts';
import { InvalidMessage } from './messages/invalid-message.ts';
import type { Settings } from './options/settings.ts';
import type { Answer, Outcome, SessionApp } from './sessions/app.ts';
import { Later, Refusal } from './sessions/refusal.ts';
import type { Counters } from './stats/stats.ts';

interface AppParts<Identity extends AnyIdentity, In, Out> {
  readonly settings: Settings<Identity, In, Out>;
  readonly events: Events<Identity, In, Out>;
  readonly format: Format<In, Out>;
  readonly counters: Counters;
}

/** Calls the handlers of the application for messages and requests, and says what became of them. */
export function createSessionApp<Identity extends AnyIdentity, In, Out>({
  settings: { rate, invalidRate },
  events,
  format,
  counters,
}: AppParts<Identity, In, Out>): SessionApp {
  const limit = rate ? new RateLimit(rate) : null;
  const invalidLimit = invalidRate ? new RateLimit(invalidRate) : null;
  const { report } = events;
  const clientOf = (client: ServerClient<AnyIdentity>) => client as ServerClient<Identity, Out>;

  /** Decodes a message; returns why if that is not possible. */
  function decode(client: ServerClient<AnyIdentity>, data: string | Buffer) {
    try {
      const message = format.decode(data);
      counters.messagesReceived++;
      return { message };
    } catch (error) {
      const invalid = new InvalidMessage(data, error);
      counters.invalid++;
      events.emit('invalid', clientOf(client), invalid);
      return invalid;
    }
  }

  function failed(error: unknown): { readonly reason: string | null } {
    if (isA(Refusal, error)) return { reason: error.reason };
    if (isA(Later, error)) return { reason: error.message };
    report(error);
    return { reason: null };
  }

  async function settle(results: readonly unknown[]): Promise<Outcome> {
    const settled = await Promise.allSettled(results);
    const errors = settled.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    if (errors.some((error) => isA(Later, error))) return 'later';
    const [first = 'taken'] = errors.map(failed);
    return first;
  }

  function answer(value: unknown): Answer {
    try {
      return { data: value === undefined ? undefined : format.encode(value as Out) };
    } catch (error) {
      return failed(error);
    }
  }

  return {
    message(client, data, id) {
      const decoded = decode(client, data);
      if ('reason' in decoded) {
        const isPaced = invalidLimit?.take(client.id, performance.now()) ?? true;
        return { reason: decoded.reason, pause: isPaced ? 0 : periodOf(invalidRate) };
      }
      const results = events.call('message', clientOf(client), decoded.message, id);
      // Nobody has handled it: a client must not be told that somebody did.
      if (results.length === 0) return { reason: 'The server handles no messages.' };
      return results.some((result) => result instanceof Promise) ? settle(results) : 'taken';
    },
    request(client, data, context) {
      const decoded = decode(client, data);
      if ('reason' in decoded) return { reason: decoded.reason };
      counters.requests++;
      const results = events.call('request', clientOf(client), decoded.message, context);
      if (results.length === 0) return { reason: 'The server answers no requests.' };
      const [result] = results;
      if (!(result instanceof Promise)) return answer(result);
      // What an aborted handler throws is of no interest.
      return result.then(answer, (error: unknown) =>
        context.signal.aborted ? { reason: null } : failed(error),
      );
    },
    waitFor: (owner) => ((limit?.take(owner, performance.now()) ?? true) ? 0 : periodOf(rate)),
    report,
  };
}

const periodOf = (rate: Rate | false | undefined) => (rate ? 1_000 / rate.perSecond : 0);

/** Whether an error is one of ours. A proxy may throw when it is asked. */
function isA<Ours extends Error>(
  ours: abstract new (...args: never) => Ours,
  error: unknown,
): error is Ours {
  try {
    return error instanceof ours;
  } catch {
    return false;
  }
}
