import { expect, vi } from 'vitest';
import { test } from './fixtures.ts';

test('the number of the last message outlives the replies, on a clock that nobody sets (D25)', async ({
  startSessions,
}) => {
  const { client } = await startSessions();
  const ada = client();
  await ada.resume();
  ada.send('one');
  await ada.roundTrip();
  await ada.cut();
  const [date, now] = [Date.now(), performance.now()];
  vi.spyOn(Date, 'now').mockReturnValue(date + 7 * 86_400_000);
  expect(await ada.resume()).toMatchObject({ taken: 1, known: true });
  await ada.cut();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 86_000_000);
  expect(await ada.resume()).toMatchObject({ taken: 1, known: true });
  await ada.cut();
  clock.mockReturnValue(now + 2 * 86_400_000);
  expect(await ada.resume()).toMatchObject({ known: false });
  vi.restoreAllMocks();
});
