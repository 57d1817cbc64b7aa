'use client';

import { useEffect } from 'react';
import { recordings } from '../recorder/recordings.ts';
import { Devtools } from './devtools.tsx';
import { useShadowRoot } from './shadow-root.ts';

/** A corner of the page. */
export type DevtoolsPosition = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The props of {@link WebSocketDevtools}. */
export interface WebSocketDevtoolsProps {
  /** Whether the panel is open at first. @defaultValue false */
  readonly initialIsOpen?: boolean | undefined;
  /** The corner with the button that opens the panel. @defaultValue 'bottom-right' */
  readonly buttonPosition?: DevtoolsPosition | undefined;
  /**
   * Fields of JSON messages that are not shown and not exported, at any depth, such as `['password']`. Binary frames are then not
   * shown either. Queries of urls and the frames of a handshake never are. @defaultValue none
   */
  readonly redact?: readonly string[] | undefined;
  /** The nonce of the page's Content Security Policy, for the one `<style>` of the panel. @defaultValue none */
  readonly nonce?: string | undefined;
}

/**
 * A panel that shows what the connections of the page do, and breaks them on request. Put it anywhere in the app, once; it needs no
 * provider. Only builds for development have it: in all others it is an empty component.
 *
 * @example
 * ```tsx
 * <WebSocketProvider url="wss://example.com/live">
 *   <App />
 *   <WebSocketDevtools />
 * </WebSocketProvider>
 * ```
 */
export function WebSocketDevtools({
  initialIsOpen = false,
  buttonPosition = 'bottom-right',
  redact,
  nonce,
}: WebSocketDevtoolsProps): null {
  useEffect(() => recordings().redact(redact ?? []), [redact]);
  useShadowRoot(
    <Devtools
      recordings={recordings()}
      initialIsOpen={initialIsOpen}
      buttonPosition={buttonPosition}
    />,
    nonce,
  );
  return null;
}
