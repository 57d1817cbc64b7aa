import type { Meta, StoryObj } from '@storybook/react-vite';
import { LivePositions } from './live-positions.tsx';
import source from './live-positions.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Apps/Live positions',
  component: LivePositions,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof LivePositions>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AroundTheWorld: Story = {};
