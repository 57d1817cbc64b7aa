import type { Meta, StoryObj } from '@storybook/react-vite';
import { Outbox } from './outbox.tsx';
import source from './outbox.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Queue while offline',
  component: Outbox,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof Outbox>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FiveMessages: Story = {};
