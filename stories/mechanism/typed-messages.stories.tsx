import type { Meta, StoryObj } from '@storybook/react-vite';
import { TypedMessages } from './typed-messages.tsx';
import source from './typed-messages.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Typed messages',
  component: TypedMessages,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof TypedMessages>;

export default meta;
type Story = StoryObj<typeof meta>;

export const CheckedBySchema: Story = {};
