import type { Meta, StoryObj } from '@storybook/react-vite';
import { LivePositions } from './live-positions.tsx';

const meta = {
  title: 'Apps/Live positions',
  component: LivePositions,
  args: { room: '' },
} satisfies Meta<typeof LivePositions>;

export default meta;
type Story = StoryObj<typeof meta>;

export const AroundTheWorld: Story = {};
