'use client';

import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';
import { STYLES } from './styles.ts';

const KEY_EVENTS = ['keydown', 'keypress', 'keyup'] as const;

/**
 * Renders into a shadow root at the end of the page, so that no style of the page reaches in, and none leaks out. It is a
 * React root of its own: an error in it does not end the app.
 */
export function useShadowRoot(node: ReactNode, nonce: string | undefined): void {
  const root = useRef<Root>(null);
  useEffect(() => {
    const host = addHost(nonce);
    const opened = createRoot(host.shadowRoot as ShadowRoot);
    root.current = opened;
    return () => {
      // Not unmount(), which React forbids while it renders another root.
      opened.render(null);
      host.remove();
    };
  }, [nonce]);
  useEffect(() => root.current?.render(node));
}

function addHost(nonce: string | undefined): HTMLElement {
  const host = document.createElement('react-lifeline-devtools');
  // What is typed into the panel is no shortcut of the app.
  for (const type of KEY_EVENTS) host.addEventListener(type, (event) => event.stopPropagation());
  const style = document.createElement('style');
  if (nonce !== undefined) style.nonce = nonce;
  style.textContent = STYLES;
  host.attachShadow({ mode: 'open' }).append(style);
  document.body.append(host);
  return host;
}
