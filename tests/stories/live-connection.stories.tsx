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

type Play = Parameters<NonNullable<Story['play']>>[0];

/** Drops the link and keeps the server closed, until a next try is waited for. */
async function refuseFor(
  seconds: string,
  canvas: Play['canvas'],
  userEvent: Play['userEvent'],
): Promise<void> {
  const field = canvas.getByLabelText('Seconds to refuse');
  await userEvent.clear(field);
  await userEvent.type(field, seconds);
  await userEvent.click(canvas.getByRole('button', { name: 'Refuse' }));
  await canvas.findByText(/Next try in/);
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
    await reaches(canvasElement, 'open');
    await canvas.findByText('Open again');
    await canvas.findByText(/closed with 1006/, { selector: 'ol *' });
  },
};

export const ComesBackAfterAClose: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }));
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/closed with 1012/, { selector: 'ol *' });
  },
};

export const FindsACutCable: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Cut the cable' }));
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/The heartbeat found the peer dead/, { selector: 'ol *' });
    await reaches(canvasElement, 'open');
  },
};

export const FindsAServerThatIsMute: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await userEvent.click(canvas.getByRole('button', { name: 'Mute pongs' }));
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/The heartbeat found the peer dead/, { selector: 'ol *' });
  },
};

export const KeepsMessagesDuringARefusal: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await refuseFor('2', canvas, userEvent);
    await userEvent.click(canvas.getByRole('button', { name: 'Send 16 bytes' }));
    await canvas.findByText(/Waits in the outbox/);
    await canvas.findByText('Open again', {}, { timeout: 7_000 });
    await canvas.findByText('Sent what had waited');
    const last = canvas.getByRole('figure', { name: 'Last message' });
    await waitFor(() => expect(last).toHaveTextContent('16 bytes:'));
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

/** Each story is checked for accessibility at its end: this one while there is no link. */
export const IsReadableWithoutALink: Story = {
  play: async ({ canvas, canvasElement, userEvent }) => {
    await reaches(canvasElement, 'open');
    await refuseFor('20', canvas, userEvent);
  },
};

export const IsReadableInTheDark: Story = {
  globals: { theme: 'dark' },
  play: async ({ canvas, canvasElement, userEvent }) => {
    await expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    await reaches(canvasElement, 'open');
    await refuseFor('20', canvas, userEvent);
  },
};
