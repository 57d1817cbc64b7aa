import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/who-is-online.tsx?raw';
import { type Canvas, patient, press, refuse, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { WhoIsOnline } from './who-is-online.tsx';

const meta = {
  title: 'Apps/Who is online',
  component: WhoIsOnline,
  parameters: showExample(example, 'apps/who-is-online.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof WhoIsOnline>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = { name: 'Who is online' };

const marks = (canvas: Canvas, viewer: string) =>
  within(canvas.getByRole('list', { name: `What ${viewer} sees` })).getAllByRole('listitem');
/** What a person sees of the others, without the render counts. */
const seenBy = (canvas: Canvas, viewer: string) =>
  marks(canvas, viewer).map(({ textContent }) => textContent?.replace(/Rendered\d+$/, ''));
const renders = (canvas: Canvas, viewer: string) =>
  marks(canvas, viewer).map(({ textContent }) => Number(/\d+$/.exec(textContent ?? '')?.[0]));
const all = (...away: string[]) =>
  ['Ada', 'Grace', 'Hedy'].map((name) => `${name} is ${away.includes(name) ? 'away' : 'online'}`);

async function begins(canvas: Canvas): Promise<void> {
  for (const viewer of ['Ada', 'Grace', 'Hedy'])
    await waitFor(() => expect(seenBy(canvas, viewer)).toEqual(all()), patient);
}

const tabsOf = (canvas: Canvas, name: string) =>
  within(canvas.getByRole('group', { name: `Tabs of ${name}` }));

export const APersonIsOnlineUntilTheLastTabCloses: Story = {
  tags: ['!dev'],
  play: async ({ canvas, userEvent }) => {
    await begins(canvas);
    const before = renders(canvas, 'Ada');
    const pressForGrace = (name: string) =>
      userEvent.click(tabsOf(canvas, 'Grace').getByRole('button', { name }));
    await pressForGrace('Open tab');
    await pressForGrace('Close tab');
    await pressForGrace('Close tab');
    await expect(tabsOf(canvas, 'Grace').getByText('0 tabs')).toBeInTheDocument();
    await expect(tabsOf(canvas, 'Grace').getByRole('button', { name: 'Close tab' })).toHaveFocus();
    await expect(seenBy(canvas, 'Ada')).toEqual(all());
    await waitFor(() => expect(seenBy(canvas, 'Ada')).toEqual(all('Grace')), patient);
    await waitFor(() => expect(seenBy(canvas, 'Hedy')).toEqual(all('Grace')));
    // Only the mark of Grace was rendered, once: neither the second tab nor the two seconds were visible.
    const after = renders(canvas, 'Ada');
    await expect(after.map((count, n) => count - (before[n] ?? 0))).toEqual([0, 1, 0]);
    await pressForGrace('Open tab');
    await expect(tabsOf(canvas, 'Grace').getByRole('button', { name: 'Open tab' })).toHaveFocus();
    await waitFor(() => expect(seenBy(canvas, 'Ada')).toEqual(all()), patient);
    await waitFor(() => expect(seenBy(canvas, 'Grace')).toEqual(all()), patient);
  },
};

export const AQuickReconnectIsNotShownAsAway: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    const before = renders(canvas, 'Grace');
    await press(play, 'Cut the cable');
    const ada = within(region(canvas, 'Ada'));
    await ada.findByText('Reconnecting', {}, patient);
    await ada.findByText('Open', {}, patient);
    await waitFor(() => expect(seenBy(canvas, 'Ada')).toEqual(all()), patient);
    await expect(seenBy(canvas, 'Grace')).toEqual(all());
    await expect(renders(canvas, 'Grace')).toEqual(before);
  },
};

export const APersonRefusedForLongerIsShownAsAway: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await refuse(play, '4');
    await waitFor(() => expect(seenBy(canvas, 'Grace')).toEqual(all('Ada')), patient);
    const lastKnown = canvas.getByText('No connection: last known.');
    await expect(region(canvas, 'Ada')).toContainElement(lastKnown);
    await waitFor(() => expect(seenBy(canvas, 'Grace')).toEqual(all()), { timeout: 20_000 });
    await waitFor(() => expect(lastKnown).not.toBeInTheDocument(), patient);
  },
};
