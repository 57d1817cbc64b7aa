import type { Meta, StoryObj } from '@storybook/react-vite';
import { Reconnect } from './reconnect.tsx';
import source from './reconnect.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Reconnect',
  component: Reconnect,
  parameters: showSource(source),
  args: { baseDelay: 3_000, room: '' },
} satisfies Meta<typeof Reconnect>;

export default meta;
type Story = StoryObj<typeof meta>;

export const WaitsAndTries: Story = {};
