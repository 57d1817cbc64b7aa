import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { LiveConnection } from './live-connection.tsx';
import source from './live-connection.tsx?raw';
import { type Play, patient, press, refuse, region } from './parts/play.ts';
import { showSource } from './parts/show-source.ts';

const meta = {
  title: 'Live connection',
  component: LiveConnection,
  parameters: showSource(source),
  args: { interval: 2_000, timeout: 2_000, baseDelay: 3_000, room: '' },
  argTypes: {
    interval: { control: { type: 'range', min: 500, max: 10_000, step: 500 } },
    timeout: { control: { type: 'range', min: 500, max: 10_000, step: 500 } },
    baseDelay: { control: { type: 'range', min: 0, max: 10_000, step: 500 } },
  },
} satisfies Meta<typeof LiveConnection>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Live: Story = {
  play: async ({ canvas }) => {
    await canvas.findByText(/The server calls you/, {}, { timeout: 5_000 });
  },
};

/** So short that a dead peer is found and replaced at once. */
const quick = { interval: 500, timeout: 500, baseDelay: 300 };

/** The row of the facts that has this name. */
function fact(canvasElement: HTMLElement, name: string): HTMLElement {
  const row = within(canvasElement).getByText(name, { selector: 'dt' }).parentElement;
  return within(row as HTMLElement).getByRole('definition');
}

const reaches = ({ canvasElement }: Play, status: string) =>
  waitFor(() => expect(fact(canvasElement, 'status')).toHaveTextContent(status), patient);

/** Drops the link and keeps the server closed, until a next try is waited for. */
async function waitsForATry(play: Play, seconds: string) {
  await refuse(play, seconds);
  await play.canvas.findByText(/Next try in/);
}

async function findsADeadPeer(play: Play, harm: string) {
  const { canvas } = play;
  await reaches(play, 'open');
  await press(play, harm);
  await canvas.findByText('Open again', {}, { timeout: 4_000 });
  await canvas.findByText(/The heartbeat found the peer dead/, { selector: 'ol *' });
  await reaches(play, 'open');
}

export const Talks: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    const { canvas, canvasElement, userEvent } = play;
    await reaches(play, 'open');
    await userEvent.type(canvas.getByLabelText('Message'), 'good morning{Enter}');
    const last = canvas.getByRole('figure', { name: 'Last message' });
    await waitFor(() => expect(last).toHaveTextContent('good morning'));
    await press(play, 'Send 16 bytes');
    await waitFor(() => expect(last).toHaveTextContent('16 bytes:'));
    await waitFor(() => expect(fact(canvasElement, 'latency')).toHaveTextContent(' ms'), {
      timeout: 3_000,
    });
  },
};

export const ComesBackAfterADrop: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await press(play, 'Drop');
    await reaches(play, 'reconnecting');
    await reaches(play, 'open');
    await canvas.findByText('Open again');
    await canvas.findByText(/closed with 1006/, { selector: 'ol *' });
  },
};

export const ComesBackAfterAClose: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await press(play, 'Close');
    await canvas.findByText('Open again', {}, { timeout: 4_000 });
    await canvas.findByText(/closed with 1012/, { selector: 'ol *' });
  },
};

export const FindsACutCable: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: (play) => findsADeadPeer(play, 'Cut the cable'),
};

export const FindsAServerThatIsMute: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: (play) => findsADeadPeer(play, 'Mute pongs'),
};

export const KeepsMessagesDuringARefusal: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await waitsForATry(play, '2');
    await press(play, 'Send 16 bytes');
    await canvas.findByText(/Waits in the outbox/);
    await canvas.findByText('Open again', {}, { timeout: 7_000 });
    await canvas.findByText('Sent what had waited');
    const last = canvas.getByRole('figure', { name: 'Last message' });
    await waitFor(() => expect(last).toHaveTextContent('16 bytes:'));
  },
};

export const StaysClosedWhenAskedTo: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    const { canvas, canvasElement, userEvent } = play;
    await reaches(play, 'open');
    const own = within(region(canvas, 'Connection'));
    await userEvent.click(own.getByRole('button', { name: 'close()' }));
    await reaches(play, 'closed');
    await expect(fact(canvasElement, 'cause')).toHaveTextContent('The page asked for it.');
    await userEvent.click(own.getByRole('button', { name: 'open()' }));
    await reaches(play, 'open');
  },
};

/** Each story is checked for accessibility at its end: this one while there is no link. */
export const IsReadableWithoutALink: Story = {
  tags: ['!dev', '!autodocs'],
  args: quick,
  play: async (play) => {
    await reaches(play, 'open');
    await waitsForATry(play, '20');
  },
};

export const IsReadableInTheDark: Story = {
  tags: ['!dev', '!autodocs'],
  globals: { theme: 'dark' },
  args: quick,
  play: async (play) => {
    await expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    await reaches(play, 'open');
    await waitsForATry(play, '20');
  },
};
