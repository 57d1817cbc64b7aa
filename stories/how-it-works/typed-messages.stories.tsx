import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/typed-messages.tsx?raw';
import { TypedMessages } from './typed-messages.tsx';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Typed messages',
  component: TypedMessages,
  parameters: showExample(example, 'how-it-works/typed-messages.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof TypedMessages>;

export default meta;
type Story = StoryObj<typeof meta>;

export const CheckedBySchema: Story = { name: 'Typed messages' };

export const InvalidMessagesCauseErrorEvents: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await press(play, 'Order tea');
    await waitFor(
      () => expect(region(canvas, 'The last message')).toHaveTextContent('quantity2'),
      patient,
    );
    for (const [name, error] of [
      ['Order −2', /too_small|invalid_union/],
      ['Send broken JSON', /SyntaxError/],
      ['Send 8 bytes', /text frames/],
    ] as const) {
      await press(play, name);
      await waitFor(() => expect(region(canvas, 'Errors')).toHaveTextContent(error), patient);
    }
    await expect(region(canvas, 'Errors')).toHaveTextContent('3 so far');
    await expect(region(canvas, 'The last message')).toHaveTextContent('quantity2');
    await untilStatus(play, 'Open');
  },
};

export const ErrorsAreReadableInDarkMode: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await press(play, 'Send broken JSON');
    await canvas.findByText(/SyntaxError/, {}, patient);
  },
};
