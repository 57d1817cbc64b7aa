import type { Meta, StoryObj } from '@storybook/react-vite';
import { LiveConnection } from './live-connection.tsx';
import source from './live-connection.tsx?raw';
import { showSource } from './parts/show-source.ts';

const meta = {
  title: 'Live connection',
  component: LiveConnection,
  parameters: showSource(source),
  args: { interval: 2_000, timeout: 2_000, baseDelay: 3_000, room: '' },
  argTypes: {
    interval: { control: { type: 'range', min: 500, max: 10_000, step: 500 } },
    timeout: { control: { type: 'range', min: 500, max: 10_000, step: 500 } },
    baseDelay: { control: { type: 'range', min: 0, max: 10_000, step: 500 } },
  },
} satisfies Meta<typeof LiveConnection>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Live: Story = {
  play: async ({ canvas }) => {
    await canvas.findByText(/The server calls you/, {}, { timeout: 5_000 });
  },
};
