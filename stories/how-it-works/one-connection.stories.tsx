import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/one-connection.tsx?raw';
import { ManyComponents } from './one-connection.tsx';
import { patient, press, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/One connection, many components',
  component: ManyComponents,
  parameters: showExample(example, 'how-it-works/one-connection.tsx'),
  args: { interval: 2_000, timeout: 2_000, room: '' },
  argTypes: controls('interval', 'timeout', 'room'),
} satisfies Meta<typeof ManyComponents>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveComponents: Story = { name: 'One connection, many components' };

const renders = (element: HTMLElement) =>
  Number(within(element).getByLabelText('Times rendered').textContent);

export const TheServerCountsOneClient: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await waitFor(() => expect(region(canvas, 'Server')).toHaveTextContent(/sees1client/), patient);
    await waitFor(() => expect(region(canvas, 'Status')).toHaveTextContent('Open'));
    await press(play, 'close()');
    await waitFor(() => expect(region(canvas, 'Server')).toHaveTextContent(/seesnot known/));
  },
};

export const EachComponentRendersOnlyForWhatItReads: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await waitFor(() => expect(region(canvas, 'Status')).toHaveTextContent('Open'), patient);
    const [sender, status] = [renders(region(canvas, 'Sender')), renders(region(canvas, 'Status'))];
    await press(play, 'Send 100 messages');
    await waitFor(() => expect(region(canvas, 'Echoes')).toHaveTextContent('100Rendered'));
    await waitFor(() => expect(region(canvas, 'Last message')).toHaveTextContent('echo 100'));
    await expect(renders(region(canvas, 'Sender'))).toBe(sender);
    await expect(renders(region(canvas, 'Status'))).toBe(status);
    await expect(renders(region(canvas, 'Last message'))).toBeLessThan(50);
    await expect(region(canvas, 'Server')).toHaveTextContent(/sees1client/);
  },
};

export const IsReadableInDarkMode: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    await waitFor(() => expect(region(canvas, 'Status')).toHaveTextContent('Open'), patient);
    await press(play, 'Send 100 messages');
    await waitFor(() => expect(region(canvas, 'Echoes')).toHaveTextContent('100Rendered'));
  },
};
