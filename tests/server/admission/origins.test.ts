import type { IncomingMessage } from 'node:http';
import { describe, expect } from 'vitest';
import type { Origins } from '../../../src/server.ts';
import { isOriginAllowed } from '../../../src/server/admission/origins.ts';
import { test } from '../fixtures.ts';

const from = (origin: string) => ({ origin });

describe('origins', () => {
  test('by default allow only pages of the same host', async ({ start }) => {
    const { url, statusOf } = await start({ origins: undefined });
    const host = new URL(url).host;
    expect(await statusOf('/', from(`http://${host}`))).toBe(101);
    expect(await statusOf('/', from(`https://${host.toUpperCase()}`))).toBe(101);
    for (const origin of [
      'http://127.0.0.1',
      'https://evil.example',
      `http://${host}.evil.example`,
    ])
      expect(await statusOf('/', from(origin))).toBe(403);
    expect(await statusOf('/', from('null'))).toBe(403);
    expect(await statusOf('/', from('no origin'))).toBe(403);
    expect(await statusOf('/')).toBe(403);
  });

  test('as a list allow exactly these; null means no Origin header, and "null" a page without an origin', async ({
    start,
  }) => {
    const { statusOf } = await start({ origins: ['https://a.example', 'capacitor://localhost'] });
    expect(await statusOf('/', from('https://a.example'))).toBe(101);
    expect(await statusOf('/', from('capacitor://localhost'))).toBe(101);
    for (const origin of [
      'http://a.example',
      'https://b.a.example',
      'https://a.example.evil',
      'null',
    ])
      expect(await statusOf('/', from(origin))).toBe(403);
    expect(await statusOf('/')).toBe(403);

    const programs = await start({ origins: [null] });
    expect(await programs.statusOf('/')).toBe(101);
    expect(await programs.statusOf('/', from('null'))).toBe(403);
    const files = await start({ origins: ['null'] });
    expect(await files.statusOf('/')).toBe(403);
    expect(await files.statusOf('/', from('null'))).toBe(101);
  });

  test('as a function allow what it returns true for, and not a promise nor an error', async ({
    start,
  }) => {
    const asked: unknown[] = [];
    const { statusOf } = await start({
      origins: (origin, request) => {
        asked.push([origin, request.url]);
        return origin === null;
      },
    });
    expect([await statusOf('/a'), await statusOf('/b', from('https://b.example'))]).toEqual([
      101, 403,
    ]);
    expect(asked).toEqual([
      [null, '/a'],
      ['https://b.example', '/b'],
    ]);

    const promising = await start({ origins: (async () => true) as never });
    expect(await promising.statusOf()).toBe(403);
    const throwing = await start({
      origins: () => {
        throw new Error('no idea');
      },
    });
    expect(await throwing.statusOf()).toBe(403);
    expect(throwing.errors).toEqual([new Error('no idea')]);
  });
});

test('by default the host is compared in lower case, and a request without a host is refused', () => {
  const isAllowed = (headers: object) => isOriginAllowed({ headers } as IncomingMessage, undefined);
  const origin = 'https://a.example';
  expect(isAllowed({ origin, host: 'A.example' })).toBe(true);
  expect(isAllowed({ origin, host: 'b.example' })).toBe(false);
  expect(isAllowed({ origin })).toBe(false);
});

test("'same-host' takes both default ports as none, for a proxy that ends TLS (fault 96)", () => {
  const isAllowed = (origin: string | undefined, host: string, origins?: Origins) =>
    isOriginAllowed({ headers: { origin, host } } as IncomingMessage, origins);
  const same = [
    ['https://example.com', 'example.com'],
    ['https://example.com', 'example.com:443'],
    ['https://example.com', 'example.com:80'],
    ['https://example.com:443', 'example.com'],
    ['https://example.com:443', 'EXAMPLE.com:443'],
    ['http://example.com', 'example.com:80'],
    ['http://example.com:80', 'example.com'],
    ['https://example.com:8443', 'example.com:8443'],
    ['https://[::1]', '[::1]:443'],
  ] as const;
  for (const [origin, host] of same)
    expect([origin, host, isAllowed(origin, host)]).toEqual([origin, host, true]);
  const other = [
    ['https://example.com:8443', 'example.com'],
    ['https://example.com', 'example.com:8443'],
    ['https://example.com', 'example.com:4433'],
    ['https://example.com', 'example.com.evil:443'],
    ['https://example.com', 'evil@example.com'],
    ['https://example.com', 'example.com/:443'],
    ['https://evil', 'example.com:443'],
    ['null', 'example.com'],
    [undefined, 'example.com'],
  ] as const;
  for (const [origin, host] of other)
    expect([origin, host, isAllowed(origin, host)]).toEqual([origin, host, false]);
  // Beside it, the list holds what else may connect.
  const origins = ['same-host', null, 'https://B.example:443'] as const;
  expect(isAllowed(undefined, 'example.com', origins)).toBe(true);
  expect(isAllowed('https://example.com', 'example.com:443', origins)).toBe(true);
  expect(isAllowed('https://b.example', 'example.com', origins)).toBe(true);
  expect(isAllowed('http://b.example', 'example.com', origins)).toBe(false);
  expect(isAllowed('same-host', 'example.com', origins)).toBe(false);
});
