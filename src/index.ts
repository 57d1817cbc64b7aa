export * from './core.ts';
export { WebSocketProvider } from './react/provider.tsx';
export type { WebSocketProviderProps } from './react/provider.tsx';
export type { HeldConnectionOptions } from './react/use-connection.ts';
export { useMessage, useWebSocketEvent } from './react/use-message.ts';
export type { ListenOptions } from './react/use-message.ts';
export { useWebSocket } from './react/use-websocket.ts';
export type { UseWebSocketResult } from './react/use-websocket.ts';
