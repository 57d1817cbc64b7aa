import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, waitFor, within } from 'storybook/test';
import example from '../examples/connection-banner.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { fill, patient, press, refuse, region, untilStatus } from '../parts/play.ts';
import { ConnectionBanner } from './connection-banner.tsx';

const meta = {
  title: 'How it works/Connection banner',
  component: ConnectionBanner,
  parameters: showExample(example, 'how-it-works/connection-banner.tsx'),
  args: { after: 2_000, baseDelay: 500, maxDelay: 3_000, maxAttempts: 20, room: '' },
  argTypes: controls('after', 'baseDelay', 'maxDelay', 'maxAttempts', 'room'),
} satisfies Meta<typeof ConnectionBanner>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AfterTwoSeconds: Story = { name: 'Connection banner' };

export const TheBannerAppearsOnlyForABreakThatLasts: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: { baseDelay: 200 },
  play: async (play) => {
    const { canvas } = play;
    const banner = within(region(canvas, 'Banner'));
    const breaks = () =>
      within(region(canvas, 'Breaks'))
        .queryAllByRole('listitem')
        .map(({ textContent }) => textContent);
    const appeared = fn();
    const looks = new MutationObserver(() => banner.queryByText(/Connection lost/) && appeared());
    looks.observe(region(canvas, 'Banner'), { subtree: true, childList: true });
    await untilStatus(play, 'Open');
    await press(play, 'Kill the TCP connection');
    await waitFor(() => expect(breaks()).toEqual([expect.stringMatching(/not shown$/)]), patient);
    await expect(appeared).not.toHaveBeenCalled();

    await refuse(play, '3');
    await banner.findByText(/Connection lost/, {}, patient);
    await expect(appeared).toHaveBeenCalled();
    looks.disconnect();
    await banner.findByText(/Next attempt in/, {}, patient);
    await expect(banner.getByRole('button')).toHaveAttribute('aria-disabled', 'false');
    await untilStatus(play, 'Open');
    await waitFor(() => expect(banner.queryByText(/Connection lost/)).toBeNull());
    await expect(breaks()).toHaveLength(2);
    await expect(breaks()[0]).toMatch(/banner shown$/);
  },
};

export const ABannerOfAClosedConnectionOffersAnotherAttempt: Story = {
  tags: ['!dev'],
  args: { after: 0 },
  play: async (play) => {
    const { canvas, userEvent } = play;
    const banner = within(region(canvas, 'Banner'));
    await untilStatus(play, 'Open');
    // After which nothing is tried again.
    await fill(play, 'Close code', '1002');
    await press(play, 'Close');
    await untilStatus(play, 'Closed');
    await banner.findByText('Connection closed.');
    const button = banner.getByRole('button', { name: 'Open again' });
    await userEvent.click(button);
    await untilStatus(play, 'Open');
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
    await expect(button).toHaveFocus();
  },
};
