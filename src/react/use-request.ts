'use client';

import type { Request } from '../core/extensions/requests.ts';
import { requests } from '../core/extensions/requests.ts';
import type { Frame, OutFrame } from '../core/link/frame.ts';
import type { ListenOptions, Vouched } from './use-message.ts';
import { useListened } from './use-message.ts';

/**
 * Returns the function that sends a message as a request, and returns a promise of the reply. It stays the same for the life
 * of the connection, which needs the option `requests`, or a server of this library. Messages cause no render.
 *
 * @throws Error if there is no `<WebSocketProvider>` above and no `connection` option.
 * @example
 * ```tsx
 * function AddTodo({ text }: { text: string }) {
 *   const request = useRequest();
 *   return <button onClick={async () => console.log(await request(text))}>Add</button>;
 * }
 * ```
 */
export function useRequest<In = Frame, Out = OutFrame>(
  options: Vouched<ListenOptions<In, Out>, In, Out>,
): Request<In, Out>;
/** Returns the function that sends a request over the connection of the nearest provider. */
export function useRequest(): Request<Frame, OutFrame>;
export function useRequest<In, Out>(options?: ListenOptions<In, Out>): Request<In, Out> {
  return useListened<In, Out>('useRequest', options).extend<Request<In, Out>>(requests);
}
