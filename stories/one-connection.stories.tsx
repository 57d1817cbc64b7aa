import type { Meta, StoryObj } from '@storybook/react-vite';
import { ManyComponents } from './one-connection.tsx';

const meta = {
  title: 'One connection, many components',
  component: ManyComponents,
  args: { interval: 2_000, timeout: 2_000, room: '' },
} satisfies Meta<typeof ManyComponents>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveComponents: Story = {};
