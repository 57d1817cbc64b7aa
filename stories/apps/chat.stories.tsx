import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/chat.tsx?raw';
import { Chat } from './chat.tsx';
import {
  type Canvas,
  fill,
  type Play,
  patient,
  press,
  refuse,
  region,
  untilStatus,
} from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'Apps/Chat',
  component: Chat,
  parameters: showExample(example, 'apps/chat.tsx'),
  args: { interval: 2_000, timeout: 2_000, name: 'Ada', room: '' },
  argTypes: controls('interval', 'timeout', 'name', 'room'),
} satisfies Meta<typeof Chat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = { name: 'Chat' };

const pane = (canvas: Canvas, name: string) => within(region(canvas, name));
const messages = (canvas: Canvas, name: string) =>
  pane(canvas, name)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
const present = (canvas: Canvas, name: string) =>
  pane(canvas, name).getByRole('list', { name: 'Who is here' });

/** Waits until all three are present and have both greetings. */
async function begins(canvas: Canvas): Promise<void> {
  for (const name of ['Ada', 'Grace', 'Hedy']) {
    await waitFor(() => expect(present(canvas, name).children).toHaveLength(3), patient);
    await pane(canvas, name).findByText(/why staging is down/, {}, patient);
    await pane(canvas, name).findByText(/Back in a minute/, {}, patient);
  }
}

async function writes({ canvas, userEvent }: Play, name: string, text: string): Promise<void> {
  await userEvent.type(canvas.getByLabelText(`Message from ${name}`), `${text}{Enter}`);
}

export const AMessageReachesEverybody: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await writes(play, 'Ada', 'Thank you both.');
    for (const name of ['Ada', 'Grace', 'Hedy'])
      await waitFor(() => expect(messages(canvas, name).at(-1)).toContain('Thank you both.'));
    await waitFor(() => expect(messages(canvas, 'Ada').at(-1)).toBe('YouThank you both.'));
    const announcing = canvas
      .getAllByRole('log')
      .filter(({ ariaLive }) => ariaLive !== 'off')
      .map(({ ariaLabel }) => ariaLabel);
    await expect(announcing).toEqual(['Messages that Ada sees']);

    // After which nothing is tried again.
    await fill(play, 'Close code', '1002');
    await press(play, 'Close');
    await untilStatus(play, 'Closed');
    await writes(play, 'Ada', 'Is anybody here?');
    const draft = canvas.getByLabelText<HTMLInputElement>('Message from Ada');
    await expect(draft.value).toBe('Is anybody here?');
    await expect(draft.placeholder).toBe('Closed: nothing is sent');
  },
};

/** As two windows with the same room would. */
export const TwoVisitorsMeet: Story = {
  tags: ['!dev'],
  args: { room: 'two visitors' },
  // Two pages in one: each has the landmarks of a page.
  parameters: { a11y: { test: 'off' } },
  render: (args) => (
    <>
      <Chat {...args} />
      <Chat {...args} name="Robin" />
    </>
  ),
  play: async (play) => {
    const { canvas } = play;
    // A simulated server ends at its window, and offers no second one.
    const links = canvas.queryAllByRole('link', { name: 'Open a second window as Robin' });
    await expect(links.map((link) => link.getAttribute('href'))).toEqual(
      import.meta.env.PROD ? [] : [expect.stringMatching(/args=room:two visitors;name:Robin$/)],
    );
    await waitFor(() => expect(present(canvas, 'Ada').children).toHaveLength(4), patient);
    await writes(play, 'Robin', 'I am here, too.');
    await pane(canvas, 'Ada').findByText('I am here, too.', {}, patient);
  },
};

export const MessagesWrittenOfflineAreSentLater: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await refuse(play, '4');
    await pane(canvas, 'Ada').findByText('Reconnecting');
    await waitFor(() => expect(present(canvas, 'Grace').children).toHaveLength(2), patient);

    await writes(play, 'Ada', 'first');
    await writes(play, 'Ada', 'second');
    await writes(play, 'Grace', 'Ada is gone');
    await expect(messages(canvas, 'Ada').slice(-2)).toEqual([
      'Youfirstwaits for a connection',
      'Yousecondwaits for a connection',
    ]);
    await expect(pane(canvas, 'Grace').queryByText('first')).toBeNull();

    await pane(canvas, 'Ada').findByText('Open', {}, { timeout: 20_000 });
    const last = ['GraceAda is gone', 'Adafirst', 'Adasecond'];
    await waitFor(() => expect(messages(canvas, 'Hedy').slice(-3)).toEqual(last), patient);
    const own = ['GraceAda is gone', 'Youfirst', 'Yousecond'];
    await waitFor(() => expect(messages(canvas, 'Ada').slice(-3)).toEqual(own));
    await waitFor(() => expect(present(canvas, 'Grace').children).toHaveLength(3));
  },
};

export const AMessageSentOnADeadLinkArrivesOnce: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await press(play, 'Cut the cable');
    await writes(play, 'Ada', 'sent on a dead link');
    await writes(play, 'Grace', 'Where is Ada?');
    await expect(messages(canvas, 'Ada').at(-1)).toBe('Yousent on a dead linknot confirmed yet');

    await waitFor(
      () => expect(messages(canvas, 'Grace').at(-1)).toBe('Adasent on a dead link'),
      patient,
    );
    await waitFor(() => expect(messages(canvas, 'Ada').at(-1)).toBe('Yousent on a dead link'));
    await pane(canvas, 'Ada').findByText('Where is Ada?', {}, patient);
    await expect(pane(canvas, 'Grace').getAllByText('sent on a dead link')).toHaveLength(1);
  },
};

/** Checked for accessibility with a queued message. */
export const IsReadableInDarkModeWithoutALink: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await press(play, 'Refuse for');
    await pane(canvas, 'Ada').findByText('Reconnecting');
    await writes(play, 'Ada', 'Anybody there?');
    await pane(canvas, 'Ada').findByText('waits for a connection');
  },
};
