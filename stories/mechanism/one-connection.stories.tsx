import type { Meta, StoryObj } from '@storybook/react-vite';
import { ManyComponents } from './one-connection.tsx';
import source from './one-connection.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/One connection, many components',
  component: ManyComponents,
  parameters: showSource(source),
  args: { interval: 2_000, timeout: 2_000, room: '' },
} satisfies Meta<typeof ManyComponents>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveComponents: Story = {};
