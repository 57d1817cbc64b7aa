import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { ManyComponents } from '../../stories/mechanism/one-connection.tsx';

const meta = {
  title: 'Tests/One connection, many components',
  component: ManyComponents,
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta<typeof ManyComponents>;

export default meta;
type Story = StoryObj<typeof meta>;

export const IsOneClient: Story = {
  play: async ({ canvas }) => {
    await waitFor(() => expect(tile(canvas, 'Server')).toHaveTextContent(/counts1client/), {
      timeout: 5_000,
    });
    await waitFor(() => expect(tile(canvas, 'Status')).toHaveTextContent('Open'));
  },
};

export const RendersForWhatIsRead: Story = {
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(tile(canvas, 'Status')).toHaveTextContent('Open'), {
      timeout: 5_000,
    });
    const [sender, status] = [rendersOf(canvas, 'Sender'), rendersOf(canvas, 'Status')];
    await userEvent.click(canvas.getByRole('button', { name: 'Send 100 messages' }));
    await waitFor(() => expect(tile(canvas, 'Echoes')).toHaveTextContent('100Rendered'));
    await waitFor(() => expect(tile(canvas, 'Last message')).toHaveTextContent('echo 100'));
    await expect(rendersOf(canvas, 'Sender')).toBe(sender);
    await expect(rendersOf(canvas, 'Status')).toBe(status);
    await expect(rendersOf(canvas, 'Last message')).toBeLessThan(50);
    await expect(tile(canvas, 'Server')).toHaveTextContent(/counts1client/);
  },
};

export const IsReadableInTheDark: Story = {
  globals: { theme: 'dark' },
  play: async ({ canvas, userEvent }) => {
    await expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    await waitFor(() => expect(tile(canvas, 'Status')).toHaveTextContent('Open'), {
      timeout: 5_000,
    });
    await userEvent.click(canvas.getByRole('button', { name: 'Send 100 messages' }));
    await waitFor(() => expect(tile(canvas, 'Echoes')).toHaveTextContent('100Rendered'));
  },
};

type Canvas = ReturnType<typeof within>;

function tile(canvas: Canvas, name: string): HTMLElement {
  return canvas.getByRole('region', { name });
}

function rendersOf(canvas: Canvas, name: string): number {
  return Number(within(tile(canvas, name)).getByLabelText('Times rendered').textContent);
}
