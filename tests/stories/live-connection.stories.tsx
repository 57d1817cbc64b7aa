import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { LiveConnection } from '../../stories/live-connection.tsx';

const meta = {
  title: 'Tests/Live connection',
  component: LiveConnection,
  args: { interval: 500, timeout: 500, baseDelay: 300 },
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta<typeof LiveConnection>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The row of the facts that has this name. */
function fact(canvasElement: HTMLElement, name: string): HTMLElement {
  const row = within(canvasElement).getByText(name, { selector: 'dt' }).parentElement;
  return within(row as HTMLElement).getByRole('definition');
}

async function reaches(canvasElement: HTMLElement, status: string, timeout = 5_000): Promise<void> {
  await waitFor(() => expect(fact(canvasElement, 'status')).toHaveTextContent(status), {
    timeout,
    interval: 20,
  });
}

export const Talks: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.type(canvas.getByLabelText('Message'), 'good morning{Enter}');
    const last = canvas.getByRole('figure', { name: 'Last message' });
    await waitFor(() => expect(last).toHaveTextContent('good morning'));
    await userEvent.click(canvas.getByRole('button', { name: 'Send 16 bytes' }));
    await waitFor(() => expect(last).toHaveTextContent('16 bytes:'));
    await waitFor(() => expect(fact(canvasElement, 'latency')).toHaveTextContent(' ms'), {
      timeout: 3_000,
    });
  },
};

export const ComesBackAfterADrop: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Drop' }));
    await reaches(canvasElement, 'reconnecting');
    await expect(fact(canvasElement, 'cause')).toHaveTextContent('1006');
    await expect(fact(canvasElement, 'attempt')).toHaveTextContent('1');
    await userEvent.type(canvas.getByLabelText('Message'), 'sent without a link{Enter}');
    await reaches(canvasElement, 'open');
    await canvas.findByText('Sent what had waited');
    await canvas.findByText('Open again');
  },
};

export const FindsACutCable: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Cut' }));
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/The heartbeat found the peer dead/, { selector: 'ol *' });
    await reaches(canvasElement, 'open');
  },
};

export const FindsAServerThatIsMute: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Mute' }));
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/The heartbeat found the peer dead/, { selector: 'ol *' });
  },
};

export const WaitsOutARefusal: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    const seconds = canvas.getByLabelText('Seconds to refuse');
    await userEvent.clear(seconds);
    await userEvent.type(seconds, '1');
    await userEvent.click(canvas.getByRole('button', { name: 'Refuse' }));
    await canvas.findByText(/Next try in/);
    await canvas.findByText('Open again', {}, { timeout: 6_000 });
  },
};

export const StaysClosedWhenAskedTo: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    const own = within(canvas.getByRole('region', { name: 'Connection' }));
    await userEvent.click(own.getByRole('button', { name: 'close()' }));
    await reaches(canvasElement, 'closed');
    await expect(fact(canvasElement, 'cause')).toHaveTextContent('The page asked for it.');
    await userEvent.click(own.getByRole('button', { name: 'open()' }));
    await reaches(canvasElement, 'open');
  },
};
