import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import { TypedMessages } from './typed-messages.tsx';
import source from './typed-messages.tsx?raw';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Typed messages',
  component: TypedMessages,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof TypedMessages>;

export default meta;
type Story = StoryObj<typeof meta>;

export const CheckedBySchema: Story = {};

export const ShowsWhatFitsAndWhatDoesNot: Story = {
  tags: ['!dev', '!autodocs'],
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await press(play, 'Order tea');
    await waitFor(
      () => expect(region(canvas, 'The last message')).toHaveTextContent('quantity2'),
      patient,
    );
    for (const [name, said] of [
      ['Order −2', /too_small|invalid_union/],
      ['Send half', /SyntaxError/],
      ['Send 8 bytes', /text frames/],
    ] as const) {
      await press(play, name);
      await waitFor(
        () => expect(region(canvas, 'What could not be read')).toHaveTextContent(said),
        patient,
      );
    }
    await expect(region(canvas, 'What could not be read')).toHaveTextContent('3 so far');
    await expect(region(canvas, 'The last message')).toHaveTextContent('quantity2');
    await untilStatus(play, 'Open');
  },
};

export const ErrorsAreReadableInTheDark: Story = {
  tags: ['!dev', '!autodocs'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await press(play, 'Send half');
    await canvas.findByText(/SyntaxError/, {}, patient);
  },
};
