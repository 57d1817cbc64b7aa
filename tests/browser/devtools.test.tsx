import axe from 'axe-core';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-react';
import { Devtools } from '../../src/devtools/panel/devtools.tsx';
import { useShadowRoot } from '../../src/devtools/panel/shadow-root.ts';
import type { Recording } from '../../src/devtools/recorder/types.ts';
import { fakeRecording, frame } from '../devtools/fake-recording.ts';

interface Metrics {
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
}

const chromium = () =>
  cdp() as unknown as { send(method: string, params?: object): Promise<unknown> };

afterEach(cleanup);

/** Lets the page see a feature of media with this value until the test ends. */
async function emulate(name: string, value: string): Promise<void> {
  if (matchMedia(`(${name}: ${value})`).matches) return;
  const set = (features: readonly object[]) =>
    chromium().send('Emulation.setEmulatedMedia', { features });
  await set([{ name, value }]);
  onTestFinished(async () => void (await set([])));
}

function InShadowRoot(props: { readonly list: readonly Recording[]; readonly nonce?: string }) {
  const { list, nonce } = props;
  const recordings = { list: () => list, subscribe: () => () => {}, redact: () => () => {} };
  useShadowRoot(
    <Devtools recordings={recordings} initialIsOpen buttonPosition="bottom-right" />,
    nonce,
  );
  return null;
}

const lost = { kind: 'close', code: 1006, reason: '', wasClean: false } as const;

/** Shows the panel with something on each tab. */
async function open(nonce?: string, given: readonly ReturnType<typeof frame>[] = []) {
  const topic = { name: 'EUR', listeners: 0, added: 3, removed: 3, unheard: 2, forgotten: 0 };
  const recording = fakeRecording({
    topics: () => [topic],
    holders: () => ['Chat'],
    presence: () => [{ topic: null, ids: ['ada'] }],
  });
  recording.add(
    { type: 'state', at: 0, status: 'connecting', attempt: 0, cause: null },
    { type: 'state', at: 500, status: 'reconnecting', attempt: 1, cause: lost },
    frame({ data: `a long text ${'x'.repeat(500)}` }),
    { type: 'damage', at: 1_100, what: 'slow', value: 300 },
    frame({ data: '<html>', error: 'Unexpected token <' }),
    { type: 'roundTrip', at: 1_200, duration: 20 },
    { type: 'message', at: 1_300, id: 1, what: 'dropped', reason: 'expired', message: 'hi' },
    ...given,
  );
  await render(<InShadowRoot list={[recording]} {...(nonce && { nonce })} />);
  await expect.element(page.getByRole('listbox')).toBeVisible();
  return recording;
}

const host = () => document.querySelector('react-lifeline-devtools') as HTMLElement;
const root = () => host().shadowRoot as ShadowRoot;
const find = (selector: string) => root().querySelector(selector) as HTMLElement;
const tabs = () => [...root().querySelectorAll<HTMLElement>('[role=tab]')];

test.for(['light', 'dark'])('axe finds nothing on any tab, %s', async (scheme) => {
  await emulate('prefers-color-scheme', scheme);
  await open();
  for (const row of root().querySelectorAll<HTMLElement>('[role=option]')) {
    row.click();
    await expect.poll(() => row.ariaSelected).toBe('true');
    expect((await axe.run(row)).violations.map(({ id }) => id)).toEqual([]);
  }
  for (const tab of tabs()) {
    tab.click();
    await expect.poll(() => tab.ariaSelected).toBe('true');
    const { violations } = await axe.run(host());
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`),
    ).toEqual([]);
  }
});

test('works with keys alone, and the focus is never lost', async () => {
  const recording = await open();
  const focused = () => root().activeElement;
  tabs()[0]?.focus();
  for (const name of ['Outbox', 'Topics', 'Session', 'Break it']) {
    await userEvent.keyboard('{ArrowRight}');
    expect(focused()?.textContent).toMatch(new RegExp(`^${name}`));
  }
  await userEvent.keyboard('{ArrowRight}{Tab}');
  expect(root().contains(focused())).toBe(true);
  find('[role=listbox]').focus();
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(page.getByRole('region', { name: 'Frame' })).toBeVisible();
  find('[aria-label="Close the details"]').focus();
  await userEvent.keyboard('{Enter}');
  expect(focused()).toBe(find('.panel'));
  recording.damage.refuse();
  await expect.element(page.getByRole('button', { name: 'End all' })).toBeVisible();
  find('.active-faults button').focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('button', { name: 'End all' })).not.toBeInTheDocument();
  expect(focused()).toBe(find('.panel'));
  await userEvent.keyboard('{Escape}');
  expect(focused()).toBe(find('.open-button'));
  await userEvent.keyboard('{Enter}');
  expect(focused()).toBe(find('[aria-label="Close the WebSocket devtools"]'));
});

test('nothing is wider than a page of 360 pixels', async () => {
  await page.viewport(360, 740);
  onTestFinished(() => page.viewport(414, 896));
  await open();
  for (const tab of tabs()) {
    tab.click();
    await expect.poll(() => tab.ariaSelected).toBe('true');
    const wide = [...root().querySelectorAll('*')].filter(
      (element) =>
        /auto|visible/.test(getComputedStyle(element).overflowX) &&
        !element.matches('.tab-list') &&
        element.clientWidth > 0 &&
        element.scrollWidth > element.clientWidth,
    );
    expect(wide.map(({ className }) => className)).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  }
});

test('in a page of 360 pixels a row shows 40 letters of its value', async () => {
  await page.viewport(360, 740);
  onTestFinished(() => page.viewport(414, 896));
  await open(undefined, [frame({ data: 'x'.repeat(40) })]);
  const rows = [...root().querySelectorAll('.row')];
  const value = rows.at(-1)?.querySelector('.value');
  expect(value?.textContent).toHaveLength(40);
  expect(value?.scrollWidth).toBeLessThanOrEqual(value?.clientWidth ?? 0);
  for (const row of rows) expect(row.scrollHeight).toBeLessThanOrEqual(row.clientHeight);
});

test('of many connections, the chosen one is seen in the list', async () => {
  const list = Array.from({ length: 30 }, (_, id) => fakeRecording({ id }));
  await render(<InShadowRoot list={list} />);
  const chosen = () => find('[aria-current=true]').getBoundingClientRect();
  const { bottom } = find('.connections').getBoundingClientRect();
  // Firefox scrolls by whole pixels.
  await expect.poll(() => chosen().bottom).toBeLessThan(bottom + 1);
});

test('with forced colours, the marks of the states are still seen', async () => {
  await emulate('forced-colors', 'active');
  await open();
  const colour = (selector: string) => getComputedStyle(find(selector)).backgroundColor;
  for (const mark of ['.dot', '[data-was=connecting]', '[data-was=reconnecting]'])
    expect(colour(mark)).not.toBe(colour('.panel'));
});

test('styles of the page do not reach the panel, nor its styles the page', async () => {
  const button = document.createElement('button');
  const style = document.createElement('style');
  document.body.append(button);
  onTestFinished(() => {
    button.remove();
    style.remove();
  });
  const before = JSON.stringify(getComputedStyle(button));
  await open();
  expect(JSON.stringify(getComputedStyle(button))).toBe(before);
  const look = () =>
    ['.panel', '[role=tab]', '.row', '.dot'].map((selector) => {
      const { backgroundColor, color, fontSize, display } = getComputedStyle(find(selector));
      return { backgroundColor, color, fontSize, display };
    });
  const looked = look();
  style.textContent = `
    body > * { display: none !important; transform: scale(2) !important; color: red !important; --surface: red !important; }
    button, section, div, span { background: red !important; font-size: 40px !important; display: none !important; }`;
  document.head.append(style);
  expect(look()).toEqual(looked);
  expect(find('.panel').getBoundingClientRect().width).toBe(document.documentElement.clientWidth);
});

test('scrolls through 100,000 frames with few rows in the page, and in less than the time of a frame', async () => {
  const frames = Array.from({ length: 100_000 }, (_, n) =>
    frame({ data: `{"n":${n}}`, decoded: { n } }),
  );
  await open(undefined, frames);
  const list = find('[role=listbox]');
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await chromium().send('Performance.enable');
  const thread = async () => {
    const { metrics } = (await chromium().send('Performance.getMetrics')) as Metrics;
    return 1_000 * Number(metrics.find(({ name }) => name === 'ThreadTime')?.value);
  };
  await painted();
  const start = await thread();
  const steps = 40;
  for (let step = 1; step <= steps; step++) {
    list.scrollTop = step * 50_000;
    await painted();
    await painted();
  }
  const each = ((await thread()) - start) / steps;
  expect(find('[role=option]').ariaSetSize).toBe('100005');
  expect(list.querySelectorAll('[role=option]').length).toBeLessThan(60);
  // In a narrow window a row is 44 px high, and some events come first.
  expect(list.textContent).toContain('{"n":45454}');
  expect(each, 'ms of the main thread').toBeLessThan(16);
});

// The last one: a policy stays.
test('is styled under a strict Content Security Policy, by its nonce', async () => {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "style-src 'nonce-r4nd0m'";
  document.head.append(policy);
  const violations: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
    violations.push(violatedDirective),
  );
  await open('r4nd0m');
  expect(getComputedStyle(find('.panel')).position).toBe('fixed');
  expect(violations).toEqual([]);
  const style = document.createElement('style');
  document.head.append(style);
  style.textContent = 'p {}';
  await expect.poll(() => violations).toContain('style-src-elem');
});
