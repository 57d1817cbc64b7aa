import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, waitFor, within } from 'storybook/test';
import example from './examples/live-connection.tsx?raw';
import { LiveConnection } from './live-connection.tsx';
import { type Play, patient, press, refuse, region } from './parts/play.ts';
import { controls } from './parts/controls.ts';
import { showExample } from './parts/example.ts';
import { PageContext } from './ui/page.tsx';

const meta = {
  title: 'Live connection',
  component: LiveConnection,
  parameters: showExample(example, 'live-connection.tsx'),
  args: { interval: 2_000, timeout: 2_000, baseDelay: 500, maxDelay: 3_000, room: '' },
  argTypes: controls('interval', 'timeout', 'baseDelay', 'maxDelay', 'room'),
} satisfies Meta<typeof LiveConnection>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Live: Story = {
  name: 'Live connection',
  play: async ({ canvas }) => {
    await canvas.findByText(/Connected as/, {}, { timeout: 5_000 });
  },
};

/** Short times, so that a dead link is found and replaced soon. */
const quick = { interval: 500, timeout: 500, baseDelay: 300 };

/** The row of the facts that has this name. */
function fact(canvasElement: HTMLElement, name: string): HTMLElement {
  const row = within(canvasElement).getByText(name, { selector: 'dt' }).parentElement;
  return within(row as HTMLElement).getByRole('definition');
}

const reaches = ({ canvasElement }: Play, status: string) =>
  waitFor(() => expect(fact(canvasElement, 'status')).toHaveTextContent(status), patient);

const announced = ({ canvas }: Play) =>
  within(region(canvas, 'Break the connection')).getByRole('status');

/** Refuses connections for some seconds, and waits until the page shows the time of the next attempt. */
async function waitsForTheNextAttempt(play: Play, seconds: string) {
  await refuse(play, seconds);
  await play.canvas.findByText(/Next attempt in/);
}

async function findsADeadLink(play: Play, fault: string) {
  const { canvas } = play;
  await reaches(play, 'open');
  await press(play, fault);
  await canvas.findByText('Open again', {}, patient);
  await canvas.findByText(/The heartbeat timed out/, { selector: 'ol *' });
  await reaches(play, 'open');
}

export const SendsAndReceives: Story = {
  tags: ['!dev'],
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

export const ReconnectsAfterALostConnection: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await press(play, 'Kill the TCP connection');
    await reaches(play, 'reconnecting');
    await reaches(play, 'open');
    await canvas.findByText('Open again', {}, patient);
    await canvas.findByText(/closed with 1006/, { selector: 'ol *' });
  },
};

export const ReconnectsAfterAClose: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await press(play, 'Close');
    await canvas.findByText('Open again', {}, patient);
    await canvas.findByText(/closed with 1012/, { selector: 'ol *' });
  },
};

export const NoticesACutCable: Story = {
  tags: ['!dev'],
  args: quick,
  play: (play) => findsADeadLink(play, 'Cut the cable'),
};

export const NoticesAServerThatAnswersNoPings: Story = {
  tags: ['!dev'],
  args: quick,
  play: (play) => findsADeadLink(play, 'Stop answering pings'),
};

export const KeepsMessagesWhileTheServerRefuses: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await waitsForTheNextAttempt(play, '2');
    await expect(announced(play)).toHaveTextContent('Refusing for 2 s: noticed');
    await press(play, 'Send 16 bytes');
    await canvas.findByText(/^Attempt \d failed$/);
    await canvas.findByText('The attempt failed (1006).', { selector: 'ol *' });
    await canvas.findByText(/is queued in the outbox/);
    await canvas.findByText('Open again', {}, { timeout: 7_000 });
    await canvas.findByText('Outbox sent');
    await expect(announced(play)).toHaveTextContent('Refused for 2 s: noticed');
    const last = canvas.getByRole('figure', { name: 'Last message' });
    await waitFor(() => expect(last).toHaveTextContent('16 bytes:'));
  },
};

export const StaysClosedAfterClose: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    const { canvas, canvasElement, userEvent } = play;
    await reaches(play, 'open');
    const own = within(region(canvas, 'Connection'));
    await userEvent.click(own.getByRole('button', { name: 'close()' }));
    await reaches(play, 'closed');
    await expect(canvas.getByText(/A closed connection sends nothing/)).toBeInTheDocument();
    await expect(fact(canvasElement, 'cause')).toHaveTextContent('Requested by the page.');
    await userEvent.click(own.getByRole('button', { name: 'open()' }));
    await reaches(play, 'open');
  },
};

export const ACutLeavesItsResult: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    await reaches(play, 'open');
    await press(play, 'Cut the cable');
    await press(play, 'Send 16 bytes');
    await waitFor(
      () =>
        expect(announced(play)).toHaveTextContent(
          /Cut: noticed after \d\.\d\d s, open again after \d\.\d\d s\./,
        ),
      patient,
    );
  },
};

export const NobodyHasToWait: Story = {
  tags: ['!dev'],
  args: { ...quick, baseDelay: 10_000, maxDelay: 10_000 },
  play: async (play) => {
    const { canvas } = play;
    await reaches(play, 'open');
    await waitsForTheNextAttempt(play, '1');
    await press(play, 'Send 16 bytes');
    const button = canvas.getByRole('button', { name: 'Try now' });
    const isOpenAgain = () => announced(play).textContent?.includes('open again after');
    await waitFor(async () => {
      await play.userEvent.click(button);
      await expect(isOpenAgain()).toBe(true);
    }, patient);
    await expect(announced(play)).toHaveTextContent('1 message sent after that');
    await expect(button).toHaveFocus();
  },
};

export const TheServerAnswersPingsAgain: Story = {
  tags: ['!dev'],
  args: { ...quick, timeout: 3_000 },
  play: async (play) => {
    const { canvas } = play;
    const isMuted = () => canvas.getByRole('button', { name: 'Stop answering pings' });
    await reaches(play, 'open');
    await press(play, 'Stop answering pings');
    await press(play, 'Slow network');
    await expect(isMuted()).toHaveAttribute('aria-pressed', 'true');
    await press(play, 'Slow network');
    await press(play, 'Stop answering pings');
    await expect(isMuted()).toHaveAttribute('aria-pressed', 'false');
    await expect(announced(play)).toHaveTextContent('The server answers pings again.');
    // Longer than the link lives without a pong.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await expect(canvas.queryByText('Open again')).toBeNull();
  },
};

const onEvent = fn<(type: string, details: readonly unknown[]) => void>();

export const EventsAreActions: Story = {
  tags: ['!dev'],
  args: quick,
  decorators: (Story) => (
    <PageContext value={{ isSimulated: false, onEvent }}>
      <Story />
    </PageContext>
  ),
  play: async (play) => {
    await reaches(play, 'open');
    await press(play, 'Kill the TCP connection');
    await play.canvas.findByText('Open again', {}, patient);
    const types = onEvent.mock.calls.map(([type]) => type);
    await expect(types).toEqual(['open', 'close', 'open']);
  },
};

/** Each story is checked for accessibility at its end; this one without a link. */
export const IsReadableWithoutALink: Story = {
  tags: ['!dev'],
  args: quick,
  play: async (play) => {
    await reaches(play, 'open');
    await waitsForTheNextAttempt(play, '20');
  },
};

export const IsReadableInDarkMode: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  args: quick,
  play: async (play) => {
    await expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    await reaches(play, 'open');
    await waitsForTheNextAttempt(play, '20');
  },
};
