import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/binary.tsx?raw';
import { Binary } from './binary.tsx';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Binary',
  component: Binary,
  parameters: showExample(example, 'how-it-works/binary.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof Binary>;

export default meta;
type Story = StoryObj<typeof meta>;

export const EightBytes: Story = { name: 'Binary' };

export const BytesAreEchoedUnchanged: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await press(play, 'Row 1, dot 1');
    await waitFor(
      () => expect(region(canvas, 'The echo')).toHaveTextContent(/8 bytes: 80 66 ff/),
      patient,
    );
    await expect(region(canvas, 'The echo').querySelectorAll('[data-on]')).toHaveLength(41);
  },
};

export const ThePictureIsOneTabStop: Story = {
  tags: ['!dev'],
  play: async ({ canvas, userEvent }) => {
    const dot = (row: number, column: number) =>
      canvas.getByRole('button', { name: `Row ${row}, dot ${column}` });
    dot(1, 1).focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowDown}{ArrowRight} ');
    await expect(dot(2, 2)).toHaveFocus();
    await expect(dot(2, 2)).toHaveAttribute('aria-pressed', 'false');
    const stops = within(canvas.getByRole('group', { name: 'The picture to send' }))
      .getAllByRole('button')
      .filter(({ tabIndex }) => tabIndex === 0);
    await expect(stops).toEqual([dot(2, 2)]);
  },
};
