import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import { CollaborativeEditing } from '../../stories/apps/collaborative-editing.tsx';

const meta = {
  title: 'Tests/Collaborative editing',
  component: CollaborativeEditing,
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta<typeof CollaborativeEditing>;

export default meta;
type Story = StoryObj<typeof meta>;
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas'];

const patient = { timeout: 10_000 };

const field = (canvas: Canvas, name: string) =>
  canvas.getByLabelText<HTMLTextAreaElement>(`The text before ${name}`);

const textsAre = async (canvas: Canvas, expected: RegExp | string) => {
  for (const name of ['Ada', 'Grace'])
    await waitFor(() => expect(field(canvas, name).value).toMatch(expected), patient);
  await expect(field(canvas, 'Ada').value).toBe(field(canvas, 'Grace').value);
};

export const BothWriteAtOnce: Story = {
  play: async ({ canvas, userEvent }) => {
    await textsAre(canvas, /Packing list/);
    // Ada came to a text without a word, and perhaps Grace, too.
    await canvas.findAllByText('Nothing was missed.');
    const [ada, grace] = [field(canvas, 'Ada'), field(canvas, 'Grace')];
    const start = { initialSelectionStart: 0, initialSelectionEnd: 0 };
    await userEvent.type(ada, 'Our ', start);
    await userEvent.type(grace, '- a map');
    await textsAre(canvas, /^Our Packing list.*- a map$/s);
    // The cursor of the one stays where it is while the other writes before it.
    await userEvent.type(ada, '!', start);
    await waitFor(() => expect(grace.selectionStart).toBe(grace.value.length));
    await textsAre(canvas, /^!Our/);
  },
};

export const ConvergesAfterACutCable: Story = {
  play: async ({ canvas, userEvent }) => {
    await textsAre(canvas, /Packing list/);
    await userEvent.click(canvas.getByRole('button', { name: 'Cut the cable' }));
    await userEvent.type(field(canvas, 'Ada'), '- torch');
    await userEvent.type(field(canvas, 'Grace'), '- rope');
    await expect(field(canvas, 'Ada').value).not.toContain('rope');
    await expect(field(canvas, 'Grace').value).not.toContain('torch');
    await textsAre(canvas, /(torch.*rope|rope.*torch)/s);
  },
};

export const ConvergesAfterARefusal: Story = {
  globals: { theme: 'dark' },
  play: async ({ canvas, userEvent }) => {
    await textsAre(canvas, /Packing list/);
    const seconds = canvas.getByLabelText('Seconds to refuse');
    await userEvent.clear(seconds);
    await userEvent.type(seconds, '1');
    await userEvent.click(canvas.getByRole('button', { name: 'Refuse' }));
    await canvas.findByText(/shared once the connection is back/);
    const start = { initialSelectionStart: 0, initialSelectionEnd: 0 };
    await userEvent.type(field(canvas, 'Ada'), '{Delete}Our p', start);
    await userEvent.type(field(canvas, 'Grace'), '- rope');
    await textsAre(canvas, /^Our packing list.*- rope$/s);
  },
};
