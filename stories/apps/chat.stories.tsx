import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Chat } from './chat.tsx';
import source from './chat.tsx?raw';
import { type Canvas, type Play, patient, press, refuse, region } from '../parts/play.ts';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Apps/Chat',
  component: Chat,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof Chat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = {};

const pane = (canvas: Canvas, name: string) => within(region(canvas, name));
const messages = (canvas: Canvas, name: string) =>
  pane(canvas, name)
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
const present = (canvas: Canvas, name: string) =>
  pane(canvas, name).getByRole('list', { name: 'Who is here' });

/** All three have met, and heard both greetings. */
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

export const EverybodyHearsWhatOneSays: Story = {
  tags: ['!dev', '!autodocs'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await writes(play, 'Ada', 'Thank you both.');
    for (const name of ['Ada', 'Grace', 'Hedy'])
      await waitFor(() => expect(messages(canvas, name).at(-1)).toContain('Thank you both.'));
    await waitFor(() => expect(messages(canvas, 'Ada').at(-1)).toBe('YouThank you both.'));
  },
};

export const WhatIsWrittenOfflineWaitsAndArrives: Story = {
  tags: ['!dev', '!autodocs'],
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

export const WhatACutCableSwallowsArrivesOnce: Story = {
  tags: ['!dev', '!autodocs'],
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await press(play, 'Cut the cable');
    await writes(play, 'Ada', 'into the dark');
    await writes(play, 'Grace', 'Where is Ada?');
    await expect(messages(canvas, 'Ada').at(-1)).toBe('Youinto the darkon its way');

    await waitFor(() => expect(messages(canvas, 'Grace').at(-1)).toBe('Adainto the dark'), patient);
    await waitFor(() => expect(messages(canvas, 'Ada').at(-1)).toBe('Youinto the dark'));
    await pane(canvas, 'Ada').findByText('Where is Ada?', {}, patient);
    await expect(pane(canvas, 'Grace').getAllByText('into the dark')).toHaveLength(1);
  },
};

/** Checked for accessibility with a message that waits. */
export const IsReadableInTheDarkWithoutALink: Story = {
  tags: ['!dev', '!autodocs'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await begins(canvas);
    await press(play, 'Refuse');
    await pane(canvas, 'Ada').findByText('Reconnecting');
    await writes(play, 'Ada', 'Anybody there?');
    await pane(canvas, 'Ada').findByText('waits for a connection');
  },
};
