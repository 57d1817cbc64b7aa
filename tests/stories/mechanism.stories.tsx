import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Binary } from '../../stories/mechanism/binary.tsx';
import { Heartbeat } from '../../stories/mechanism/heartbeat.tsx';
import { Outbox } from '../../stories/mechanism/outbox.tsx';
import { Reconnect } from '../../stories/mechanism/reconnect.tsx';
import { SeveralConnections } from '../../stories/mechanism/several-connections.tsx';
import { StrictModeAndActivity } from '../../stories/mechanism/strict-mode.tsx';
import { Tokens } from '../../stories/mechanism/tokens.tsx';

const meta = {
  title: 'Tests/Mechanism',
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;
type Play = Parameters<NonNullable<Story['play']>>[0];

const patient = { timeout: 10_000 };

const panel = (canvas: Play['canvas'], name: string) => canvas.getByRole('region', { name });

/** The control bar's own. */
const pill = (canvas: Play['canvas']) =>
  within(panel(canvas, 'Break the connection')).getByText(
    /^(Open|Reconnecting|Closed|Connecting)$/,
  );

const opens = ({ canvas }: Play) =>
  waitFor(() => expect(pill(canvas)).toHaveTextContent('Open'), patient);

const clicks = ({ canvas, userEvent }: Play, name: string) =>
  userEvent.click(canvas.getByRole('button', { name }));

async function refusesFor(play: Play, seconds: string): Promise<void> {
  const field = play.canvas.getByLabelText('Seconds to refuse');
  await play.userEvent.clear(field);
  await play.userEvent.type(field, seconds);
  await clicks(play, 'Refuse');
  await waitFor(() => expect(pill(play.canvas)).toHaveTextContent('Reconnecting'));
}

export const TheHeartbeatNoticesACutCable: Story = {
  render: () => <Heartbeat interval={500} timeout={500} />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    const heart = () => panel(canvas, 'Heartbeat').textContent ?? '';
    await waitFor(() => expect(heart()).toMatch(/Round trip\d+\.\dms/), patient);
    await clicks(play, 'Cut the cable');
    await waitFor(() => expect(heart()).toMatch(/Open again after\d\.\ds/), patient);
    const [, noticed, open] = /noticed after([\d.]+)s.*again after([\d.]+)s/.exec(heart()) ?? [];
    await expect(Number(noticed)).toBeGreaterThanOrEqual(0.5);
    await expect(Number(open)).toBeLessThan(3);
  },
};

export const ASlowNetworkShowsInTheRoundTripAndStaysSlow: Story = {
  render: () => <Heartbeat interval={500} timeout={3_000} />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    const roundTrip = () =>
      Number(/Round trip([\d.]+)ms/.exec(panel(canvas, 'Heartbeat').textContent ?? '')?.[1]);
    await waitFor(() => expect(roundTrip()).toBeLessThan(300), patient);
    await clicks(play, 'Slow network');
    await waitFor(() => expect(roundTrip()).toBeGreaterThan(598), patient);
    const samples = new Set<number>();
    await waitFor(() => {
      samples.add(roundTrip());
      return expect(samples.size).toBe(4);
    }, patient);
    await expect(Math.min(...samples)).toBeGreaterThan(598);
    await clicks(play, 'Drop');
    await waitFor(() => expect(pill(canvas)).toHaveTextContent('Reconnecting'), patient);
    await opens(play);
    await expect(canvas.getByRole('button', { name: 'Slow network' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await waitFor(() => expect(roundTrip()).toBeGreaterThan(598), patient);
  },
};

export const AReconnectTellsTheNextTryAndItsCause: Story = {
  globals: { theme: 'dark' },
  render: () => <Reconnect baseDelay={500} />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    await refusesFor(play, '2');
    const now = () => panel(canvas, 'Now');
    await waitFor(() => expect(now()).toHaveTextContent(/^\d+\.\d s/));
    const waits = () => within(panel(canvas, 'The waits')).getAllByRole('listitem');
    await waitFor(() => expect(waits().length).toBeGreaterThan(1), patient);
    await expect(waits().at(-1)).toHaveTextContent(/^1 failure: 0\.\d s, at most 0\.8 s.*1006/);
    await expect(waits().at(-2)).toHaveTextContent(/^2 failures: [01]\.\d s, at most 1\.3 s/);
    await opens(play);
    const tones = Array.from(now().querySelectorAll<HTMLElement>('.ui-strip-bar [data-tone]'));
    await expect(tones.map(({ dataset }) => dataset.tone).slice(-3)).toEqual([
      'good',
      'warn',
      'good',
    ]);
  },
};

export const AServerThatAsksForTimeIsGivenFourTimesAsLong: Story = {
  render: () => <Reconnect baseDelay={500} />,
  play: async (play) => {
    const { canvas, userEvent } = play;
    await opens(play);
    await userEvent.clear(canvas.getByLabelText('Close code'));
    await userEvent.type(canvas.getByLabelText('Close code'), '1013');
    await clicks(play, 'Close');
    await waitFor(() =>
      expect(panel(canvas, 'The waits')).toHaveTextContent(
        /1 failure: [123]\.\d s, at most 3\.0 s.*1013/,
      ),
    );
    await opens(play);
  },
};

export const AValueThatCannotBeSentIsToldAndDoesNothing: Story = {
  render: () => <Reconnect baseDelay={500} />,
  play: async (play) => {
    const { canvas, userEvent } = play;
    await opens(play);
    const told = () => within(panel(canvas, 'Break the connection')).getByRole('status');
    for (const [label, button, bad, range] of [
      ['Close code', 'Close', '1005', /code must be 1000 to 1014 \(not 1004 to 1006\)/],
      ['Seconds to refuse', 'Refuse', '61', /seconds must be above 0 and at most 60/],
    ] as const) {
      const field = canvas.getByLabelText(label);
      await userEvent.clear(field);
      await userEvent.type(field, bad);
      await expect(field).toBeInvalid();
      await expect(told()).toHaveTextContent(range);
      await clicks(play, button);
    }
    await expect(canvas.getByRole('button', { name: 'Refuse' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expect(pill(canvas)).toHaveTextContent('Open');
  },
};

export const TheControlBarTellsWhatHappensToAScreenReader: Story = {
  render: () => <Reconnect baseDelay={300} />,
  play: async (play) => {
    await opens(play);
    const told = () => within(panel(play.canvas, 'Break the connection')).getByRole('status');
    await expect(told()).toHaveTextContent('The connection is open.');
    // By the keyboard alone.
    play.canvas.getByRole('button', { name: 'Drop' }).focus();
    await play.userEvent.keyboard('{Enter}');
    await waitFor(() =>
      expect(told()).toHaveTextContent('The connection is reconnecting. The link was closed with'),
    );
    await expect(play.canvas.getByRole('button', { name: 'Drop' })).toHaveFocus();
    await waitFor(() => expect(told()).toHaveTextContent('The connection is open.'), patient);
  },
};

export const TheOutboxKeepsFiveAndTellsOfTheSixth: Story = {
  render: () => <Outbox />,
  play: async (play) => {
    const { canvas } = play;
    const fates = () =>
      within(panel(canvas, 'What became of it'))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent);
    await opens(play);
    await refusesFor(play, '2');
    for (let n = 0; n < 6; n++) await clicks(play, 'Send');
    await clicks(play, 'Send now or never');
    await expect(fates()).toEqual([
      'message 1given up',
      ...[2, 3, 4, 5, 6].map((n) => `message ${n}waits in the outbox`),
      'message 7given up',
    ]);
    await opens(play);
    await waitFor(
      () => expect(fates().filter((fate) => fate?.endsWith('has come back'))).toHaveLength(5),
      patient,
    );
  },
};

export const EachAttemptHasATokenOfItsOwn: Story = {
  render: () => <Tokens lifetime={1_500} />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    const tokens = () =>
      within(panel(canvas, 'Tokens that were fetched')).getAllByText(/^A token/).length;
    await expect(tokens()).toBe(1);
    await waitFor(() => expect(tokens()).toBeGreaterThan(1), patient);
    await opens(play);
    await clicks(play, 'Withdraw the account');
    await waitFor(() => expect(pill(canvas)).toHaveTextContent('Closed'), patient);
    await expect(panel(canvas, 'What happened')).toHaveTextContent(/Closed for good.*4401/);
    await clicks(play, 'Withdraw the account');
    await clicks(play, 'Open again');
    await opens(play);
  },
};

export const BytesComeBackAsTheyWereSent: Story = {
  render: () => <Binary />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    await clicks(play, 'Row 1, dot 1');
    await waitFor(
      () => expect(panel(canvas, 'What comes back')).toHaveTextContent(/8 bytes: 80 66 ff/),
      patient,
    );
    await expect(panel(canvas, 'What comes back').querySelectorAll('[data-on]')).toHaveLength(41);
  },
};

export const OneConnectionBreaksAndTheOtherStays: Story = {
  render: () => <SeveralConnections />,
  play: async (play) => {
    const { canvas } = play;
    await opens(play);
    const words = panel(canvas, 'Typed messages');
    await waitFor(() => expect(words).toHaveTextContent('Open'), patient);
    await clicks(play, 'Refuse');
    await waitFor(() => expect(panel(canvas, 'Text')).toHaveTextContent('Reconnecting'));
    await clicks(play, 'Ask who is here');
    await waitFor(() => expect(words).toHaveTextContent('namesTyped messagesAsk'), patient);
    await expect(words).toHaveTextContent('Open');
  },
};

export const StrictModeMakesOneConnectionAndAHiddenAppNone: Story = {
  render: () => <StrictModeAndActivity />,
  play: async (play) => {
    const server = panel(play.canvas, 'What the server sees');
    await waitFor(() => expect(server).toHaveTextContent('connections1 (App)'), patient);
    await waitFor(() => expect(panel(play.canvas, 'The app')).toHaveTextContent('links so far1'));
    await clicks(play, 'Hide the app');
    await waitFor(() => expect(server).toHaveTextContent('connectionsnone'), patient);
    await clicks(play, 'Show the app');
    await waitFor(() => expect(server).toHaveTextContent('connections1 (App)'), patient);
    await waitFor(() => expect(panel(play.canvas, 'The app')).toHaveTextContent('links so far2'));
  },
};

export const AnAppInStrictModeComesBackAfterACutCable: Story = {
  render: () => <StrictModeAndActivity />,
  play: async (play) => {
    const app = panel(play.canvas, 'The app');
    await waitFor(() => expect(app).toHaveTextContent('statusopenlinks so far1'), patient);
    await clicks(play, 'Cut the cable');
    await waitFor(() => expect(app).toHaveTextContent('statusopenlinks so far2'), patient);
  },
};
