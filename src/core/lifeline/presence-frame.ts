/** A frame of the server about presence. */
export interface PresenceFrame {
  readonly lifeline: 'presence' | 'online' | 'offline' | 'unwatch';
  /** The topic that it is about; undefined for everybody. */
  readonly topic: string | undefined;
  readonly ids: readonly string[];
  /** Whether further parts of the list follow. */
  readonly more: boolean;
  /** The public data of some of the ids. */
  readonly data: ReadonlyMap<string, unknown>;
}

/** Reads a frame about presence. Returns null if it is malformed or of an unknown kind. */
export function readPresenceFrame(frame: string): PresenceFrame | null {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = JSON.parse(frame);
  } catch {
    return null;
  }
  const { lifeline, topic, online, more, data } = content;
  if (
    (lifeline !== 'presence' &&
      lifeline !== 'online' &&
      lifeline !== 'offline' &&
      lifeline !== 'unwatch') ||
    (topic !== undefined && typeof topic !== 'string')
  )
    return null;
  const ids = lifeline === 'unwatch' ? [] : lifeline === 'presence' ? online : content.ids;
  return Array.isArray(ids) && ids.every((id) => typeof id === 'string')
    ? {
        lifeline,
        topic,
        ids,
        more: more === true,
        data: new Map(Object.entries(data ?? {})),
      }
    : null;
}
