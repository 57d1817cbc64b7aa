import type { ExpectStatic } from 'vitest';
import type { Page } from '../../support/chromium/page.ts';
import type { WsServer } from '../../support/ws-server.ts';

/** Lets a page upload by turns, and expects the connection to be at most half slower. Returns the figures as text. */
export async function expectUploadsLikeBare(
  server: WsServer,
  page: Page,
  expect: ExpectStatic,
): Promise<string> {
  await expect.poll(server.report).toMatchObject({ open: 2 });
  await server.stopsEchoing();
  await server.says('upload');
  await expect.poll(() => page.recorded('uploads'), { timeout: 60_000 }).toHaveLength(1);
  const [uploads] = await page.recorded('uploads');
  // The fastest of each: a busy machine delays some.
  const bare = Math.min(...(uploads?.bare ?? []));
  const connection = Math.min(...(uploads?.connection ?? []));
  const ratio = connection / bare;
  expect(ratio).toBeLessThan(1.5);
  return `12 MiB: ${connection.toFixed()} ms, bare ${bare.toFixed()} ms, ratio ${ratio.toFixed(2)}`;
}
