import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/sleeping-tab.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { patient, type Play, press, region, untilStatus } from '../parts/play.ts';
import { SleepingTab } from './sleeping-tab.tsx';

const meta = {
  title: 'How it works/Sleeping tab',
  component: SleepingTab,
  parameters: showExample(example, 'how-it-works/sleeping-tab.tsx'),
  args: { asleep: 60_000, interval: 25_000, timeout: 10_000, room: '' },
  argTypes: controls('asleep', 'interval', 'timeout', 'room'),
} satisfies Meta<typeof SleepingTab>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AMinute: Story = { name: 'Sleeping tab' };

/** A link whose first ping was answered: its speed is known. */
async function untilMeasured(play: Play) {
  await untilStatus(play, 'Open');
  await play.canvas.findByText('round trip', {}, patient);
}

const steps = ({ canvas }: Play) =>
  within(region(canvas, 'What happened'))
    .queryAllByRole('listitem')
    .map(({ textContent }) => textContent);

export const ALinkThatHasSurvivedASleepIsKept: Story = {
  tags: ['!dev'],
  play: async (play) => {
    await untilMeasured(play);
    await press(play, 'Sleep for 60 s');
    await waitFor(
      () =>
        expect(steps(play)).toEqual([
          'The computer wakes up: its clock has jumped by 60 s.0.000 s',
          expect.stringMatching(/^A ping is sent\.0\.0/),
          expect.stringMatching(/^The answer is here: the link is alive\./),
        ]),
      patient,
    );
    await untilStatus(play, 'Open');
  },
};

export const ALinkThatDiedInTheSleepIsReplacedLongBeforeTheNextPingIsDue: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await untilMeasured(play);
    await press(play, 'Lose the link meanwhile');
    await press(play, 'Sleep for 60 s');
    await waitFor(
      () => expect(steps(play).at(-1)).toMatch(/^The answer is here: the link is alive\./),
      patient,
    );
    const [, lostAfter] =
      /wakes up.*ping is sent.*The link is lost\. .* to a ping\.([\d.]+) s.*new link is open/.exec(
        steps(play).join(' '),
      ) ?? [];
    // 3 s, but not on a busy machine. The next ping would be due after 25 s.
    await expect(Number(lostAfter)).toBeGreaterThan(2.9);
    await expect(Number(lostAfter)).toBeLessThan(10);
    await canvas.findByText(/^[67]\d\.\d s without a sign of life/);
  },
};
