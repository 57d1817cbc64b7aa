import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/collaborative-editing.tsx?raw';
import { CollaborativeEditing } from './collaborative-editing.tsx';
import { type Canvas, patient, press, refuse } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'Apps/Collaborative editing',
  component: CollaborativeEditing,
  parameters: showExample(example, 'apps/collaborative-editing.tsx'),
  args: { name: 'Ada', room: '' },
  argTypes: controls('name', 'room'),
} satisfies Meta<typeof CollaborativeEditing>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoEditors: Story = { name: 'Collaborative editing' };

const field = (canvas: Canvas, name: string) =>
  canvas.getByLabelText<HTMLTextAreaElement>(`The text of ${name}`);

const textsAre = async (canvas: Canvas, expected: RegExp | string) => {
  for (const name of ['Ada', 'Grace'])
    await waitFor(() => expect(field(canvas, name).value).toMatch(expected), patient);
  await expect(field(canvas, 'Ada').value).toBe(field(canvas, 'Grace').value);
};

export const TwoEditorsCanWriteAtOnce: Story = {
  tags: ['!dev'],
  play: async ({ canvas, userEvent }) => {
    await textsAre(canvas, /Packing list/);
    // Ada has loaded an empty text, and perhaps Grace as well.
    await canvas.findAllByText('Up to date.');
    const [ada, grace] = [field(canvas, 'Ada'), field(canvas, 'Grace')];
    const start = { initialSelectionStart: 0, initialSelectionEnd: 0 };
    await userEvent.type(ada, 'Our ', start);
    // If it arrived in the middle of Grace's click, that would put her cursor elsewhere.
    await textsAre(canvas, /^Our Packing list/);
    await userEvent.type(grace, '- a map');
    await textsAre(canvas, /^Our Packing list.*- a map$/s);
    // The cursor of one keeps its place in the text while the other writes before it.
    await userEvent.type(ada, '!', start);
    await waitFor(() => expect(grace.selectionStart).toBe(grace.value.length));
    await textsAre(canvas, /^!Our/);
  },
};

export const TextsAreEqualAfterACutCable: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas, userEvent } = play;
    await textsAre(canvas, /Packing list/);
    await press(play, 'Cut the cable');
    await userEvent.type(field(canvas, 'Ada'), '- torch');
    await userEvent.type(field(canvas, 'Grace'), '- rope');
    await expect(field(canvas, 'Ada').value).not.toContain('rope');
    await expect(field(canvas, 'Grace').value).not.toContain('torch');
    await textsAre(canvas, /(torch.*rope|rope.*torch)/s);
  },
};

export const TextsAreEqualAfterARefusal: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas, userEvent } = play;
    await textsAre(canvas, /Packing list/);
    await refuse(play, '1');
    await canvas.findByText(/shared after the reconnect/);
    const start = { initialSelectionStart: 0, initialSelectionEnd: 0 };
    await userEvent.type(field(canvas, 'Ada'), '{Delete}Our p', start);
    await userEvent.type(field(canvas, 'Grace'), '- rope');
    await textsAre(canvas, /^Our packing list.*- rope$/s);
  },
};
