import { reportRejection } from '../checks/rejections.ts';

/** The largest public data of an identity, in bytes of JSON. It is sent to every watcher that sees the identity. */
const MAX_BYTES = 1_024;

/**
 * Returns the public data of an identity as JSON; undefined if there is none. What `describe` throws is reported, and gives
 * no data; and so does what is too large or no JSON.
 */
export function readPublicData<Identity>(
  describe: ((identity: Identity) => unknown) | undefined,
  identity: Identity,
  report: (error: unknown) => void,
): string | undefined {
  try {
    const data = describe?.(identity);
    if (data === undefined) return undefined;
    if (typeof (data as PromiseLike<unknown> | null)?.then === 'function') {
      reportRejection(data, report);
      throw new TypeError('describe() returned a promise: return the data itself.');
    }
    const json = JSON.stringify(data) as string | undefined;
    if (json === undefined)
      throw new TypeError(`describe() returned a ${typeof data}: return data that JSON can hold.`);
    const bytes = new TextEncoder().encode(json).length;
    if (bytes > MAX_BYTES)
      throw new RangeError(
        `describe() returned ${bytes} bytes of JSON: return at most ${MAX_BYTES}, such as a name and the url of a picture.`,
      );
    return json;
  } catch (error) {
    report(error);
    return undefined;
  }
}
