import { LIFELINE } from '../../core/protocol/frames.ts';

/** An identity, with its public data as JSON. */
export interface Shown {
  readonly id: string;
  readonly data: string | undefined;
}

/**
 * Writes the first part of a list of who is online, or all of it.
 *
 * @param viewer - The id of the identity that gets it.
 * @param rest - What {@link restOf} has returned.
 */
export const presenceFrame = (viewer: string, topic: string | undefined, rest: string): string =>
  `${LIFELINE}"presence","id":${JSON.stringify(viewer)}${topicOf(topic)},"online":${rest}`;

/** Writes a frame with ids that came online, or with a further part of a list. */
export const onlineFrame = (topic: string | undefined, rest: string): string =>
  `${LIFELINE}"online"${topicOf(topic)},"ids":${rest}`;

/** Writes a frame with ids that went offline. */
export const offlineFrame = (topic: string | undefined, left: readonly Shown[]): string =>
  `${LIFELINE}"offline"${topicOf(topic)},"ids":${JSON.stringify(left.map(({ id }) => id))}}`;

/** Writes the frame that ends a watch, since the client is not subscribed to the topic any longer. */
export const unwatchFrame = (topic: string): string => `${LIFELINE}"unwatch"${topicOf(topic)}}`;

/** Returns the end of a frame: its ids, whether further parts of the list follow, and public data. */
export function restOf(shown: readonly Shown[], hasMore: boolean): string {
  const ids = JSON.stringify(shown.map(({ id }) => id));
  const data = shown.flatMap(({ id, data: json }) =>
    json === undefined ? [] : `${JSON.stringify(id)}:${json}`,
  );
  const more = hasMore ? ',"more":true' : '';
  return `${ids}${more}${data.length > 0 ? `,"data":{${data.join(',')}}` : ''}}`;
}

const topicOf = (topic: string | undefined): string =>
  topic === undefined ? '' : `,"topic":${JSON.stringify(topic)}`;
