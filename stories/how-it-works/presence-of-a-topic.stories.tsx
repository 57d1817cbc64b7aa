import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/presence-of-a-topic.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { patient, type Play, press, region } from '../parts/play.ts';
import { PresenceOfATopic } from './presence-of-a-topic.tsx';

const meta = {
  title: 'How it works/Presence of a topic',
  component: PresenceOfATopic,
  parameters: showExample(example, 'how-it-works/presence-of-a-topic.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof PresenceOfATopic>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoDocuments: Story = { name: 'Presence of a topic' };

const sees = ({ canvas }: Play, viewer: string, others: readonly string[]) =>
  waitFor(() => {
    const list = canvas.getByRole('list', { name: `Who is in the document of ${viewer}` });
    const names = within(list).getAllByRole('listitem');
    return expect(names.map(({ textContent }) => textContent)).toEqual(others);
  }, patient);

const openDocument = ({ canvas, userEvent }: Play, name: string, title: string) => {
  const documents = within(canvas.getByRole('group', { name: `Documents of ${name}` }));
  return userEvent.click(documents.getByRole('button', { name: title }));
};

export const EachSeesWhoIsInTheSameDocument: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    await sees(play, 'Ada', ['Ada', 'Grace', 'Hedy']);
    await openDocument(play, 'Grace', 'Budget');
    await sees(play, 'Grace', ['Grace']);
    await sees(play, 'Hedy', ['Ada', 'Hedy']);

    await press(play, 'Kill the TCP connection');
    await within(region(play.canvas, 'Ada')).findByText('Open', {}, patient);
    await openDocument(play, 'Grace', 'Plan');
    await sees(play, 'Ada', ['Ada', 'Grace', 'Hedy']);
    await sees(play, 'Grace', ['Ada', 'Grace', 'Hedy']);
  },
};

export const ACutCableIsNoticedAndTheDocumentIsEnteredAgain: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const ada = within(region(play.canvas, 'Ada'));
    await sees(play, 'Ada', ['Ada', 'Grace', 'Hedy']);
    await press(play, 'Cut the cable');
    await ada.findByText('Reconnecting', {}, patient);
    await ada.findByText('Open', {}, patient);
    await openDocument(play, 'Ada', 'Budget');
    await sees(play, 'Ada', ['Ada']);
    await sees(play, 'Grace', ['Grace', 'Hedy']);
  },
};
