import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/several-connections.tsx?raw';
import { SeveralConnections } from './several-connections.tsx';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/Several connections',
  component: SeveralConnections,
  parameters: showExample(example, 'how-it-works/several-connections.tsx'),
  args: { room: '' },
  argTypes: controls('room'),
} satisfies Meta<typeof SeveralConnections>;

export default meta;
type Story = StoryObj<typeof meta>;

export const SideBySide: Story = { name: 'Several connections' };

export const OneConnectionIsLostAndTheOtherStaysOpen: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const { canvas } = play;
    await untilStatus(play, 'Open');
    await expect(region(canvas, 'Break the connection')).toHaveTextContent('Connection “Text”');
    const words = region(canvas, 'Typed messages');
    await waitFor(() => expect(words).toHaveTextContent('Open'), patient);
    await press(play, 'Refuse for');
    await waitFor(() => expect(region(canvas, 'Text')).toHaveTextContent('Reconnecting'));
    await press(play, 'Ask who is here');
    await waitFor(() => expect(words).toHaveTextContent('namesTyped messagesAsk'), patient);
    await expect(words).toHaveTextContent('Open');
  },
};
