import {
  type Connection,
  type EventHandler,
  type EventType,
  type Frame,
  useMessage,
  useWebSocketEvent,
} from '../../../src/index.ts';

interface ListenerProps {
  readonly onMessage: (message: Frame) => void;
  readonly connection?: Connection | undefined;
}

/** Listens to the messages of the nearest provider, or of a given connection. */
export function Listener({ onMessage, connection }: ListenerProps) {
  useMessage(onMessage, { connection });
  return null;
}

interface EventListenerProps<Type extends EventType> {
  readonly type: Type;
  readonly handler: EventHandler<Type>;
  readonly connection?: Connection | undefined;
}

/** Listens to one type of event. */
export function EventListener<Type extends EventType>({
  type,
  handler,
  connection,
}: EventListenerProps<Type>) {
  useWebSocketEvent(type, handler, { connection });
  return null;
}
