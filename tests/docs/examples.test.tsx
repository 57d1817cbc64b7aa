import { cleanup, render } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { createTestServer } from '../../src/testing.ts';
import { asPublished } from '../../stories/parts/as-published.ts';

const glob = '../../stories/examples/*.tsx';
const modules = import.meta.glob<{ default: ComponentType }>('../../stories/examples/*.tsx');
const codes = import.meta.glob<string>('../../stories/examples/*.tsx', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const stories = import.meta.glob('../../stories/**/*.stories.tsx');

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test(`each story has an example: ${glob}`, () => {
  expect(Object.keys(codes)).toHaveLength(Object.keys(stories).length);
});

test.for(Object.entries(codes))('%s has 15 to 25 lines, and imports packages only', ([, text]) => {
  const code = asPublished(text);
  const lines = code.split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(15);
  expect(lines.length).toBeLessThanOrEqual(25);
  const packages = [...code.matchAll(/ from '(.*)'/g)].map(([, name]) => name);
  expect(packages.filter((name) => name?.startsWith('.'))).toEqual([]);
  expect(packages.some((name) => name?.startsWith('react-lifeline'))).toBe(true);
});

test.for(Object.entries(modules))('%s runs: it opens its connections', async ([, load]) => {
  const server = createTestServer();
  vi.stubGlobal('WebSocket', server.options.WebSocket);
  const { default: App } = await load();
  render(<App />);
  await server.connected();
  expect(server.clients.length).toBeGreaterThan(0);
});
