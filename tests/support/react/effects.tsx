import { useEffect, useLayoutEffect } from 'react';
import { type HeldConnectionOptions, useWebSocket, WebSocketProvider } from '../../../src/index.ts';
import type { Frame, OutFrame, UseWebSocketResult } from '../../../src/index.ts';
import { usePresence } from '../../../src/presence.ts';

/** What a child does in an effect. `user` is that of the render. */
export type Act = (socket: UseWebSocketResult, user: string) => void;

interface ActorProps {
  readonly user: string;
  readonly act: Act;
}

/** Does something in a layout effect, for each user. */
export function LayoutActor({ user, act }: ActorProps) {
  const socket = useWebSocket();
  useLayoutEffect(() => act(socket, user), [socket, user, act]);
  return null;
}

/** Does something in an effect, for each user. */
export function EffectActor({ user, act }: ActorProps) {
  const socket = useWebSocket();
  useEffect(() => act(socket, user), [socket, user, act]);
  return null;
}

type OwnActorProps = ActorProps & HeldConnectionOptions<Frame, OutFrame>;

/** Does something with a connection of its own, in a layout effect. */
export function OwnActor({ user, act, url, ...options }: OwnActorProps) {
  const socket = useWebSocket(url, { ...options, scope: user });
  useLayoutEffect(() => act(socket, user), [socket, user, act]);
  return null;
}

/** A provider above a child that acts in a layout effect. */
export function ProviderOfLayoutActor({ user, act, ...options }: OwnActorProps) {
  return (
    <WebSocketProvider {...options} scope={user}>
      <LayoutActor user={user} act={act} />
    </WebSocketProvider>
  );
}

/** A provider above a child that acts in an effect. */
export function ProviderOfEffectActor({ user, act, ...options }: OwnActorProps) {
  return (
    <WebSocketProvider {...options} scope={user}>
      <EffectActor user={user} act={act} />
    </WebSocketProvider>
  );
}

/** Subscribes to presence. */
export function Watcher() {
  return <output>{usePresence()?.join(' ')}</output>;
}
