import type { Meta, StoryObj } from '@storybook/react-vite';
import { Heartbeat } from './heartbeat.tsx';
import source from './heartbeat.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Heartbeat and latency',
  component: Heartbeat,
  parameters: showSource(source),
  args: { interval: 1_000, timeout: 1_000, room: '' },
} satisfies Meta<typeof Heartbeat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const RoundTrips: Story = {};
