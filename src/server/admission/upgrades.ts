import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from '../options/options.ts';
import { listenOnPort } from './own-server.ts';
import type { Places } from './places.ts';
import { pathOf } from './refusal.ts';
import type { Route, UpgradeListener } from './route.ts';
import { listenOnServer } from './shared-server.ts';

type UpgradeSource = Pick<ServerOptions, 'port' | 'host' | 'server' | 'path'>;

/** Listens for upgrade requests on the `server` or the `port` of the options, if there is one. Returns the function that stops it. */
export function listenForUpgrades(
  { port, host, server, path }: UpgradeSource,
  places: Places,
  listener: UpgradeListener,
): () => Promise<void> {
  const route: Route = {
    ...listener,
    takesAll: path === undefined,
    matches(request) {
      try {
        return isForPath(path, request);
      } catch (error) {
        listener.error(error);
        return false;
      }
    },
  };
  if (server) return listenOnServer(server, route);
  if (port !== undefined) return listenOnPort({ port, host }, places, route);
  return async () => {};
}

/** Whether a request is for this path. The query does not count. */
function isForPath(path: ServerOptions['path'], request: IncomingMessage): boolean {
  const given = pathOf(request.url ?? '');
  // Only `true` counts: a promise is truthy, too.
  if (typeof path === 'function') return (path(given, request) as unknown) === true;
  return path === undefined || given === path;
}
