import type { Meta, StoryObj } from '@storybook/react-vite';
import { TypedMessages } from './typed-messages.tsx';

const meta = {
  title: 'Typed messages',
  component: TypedMessages,
  args: { room: '' },
} satisfies Meta<typeof TypedMessages>;

export default meta;
type Story = StoryObj<typeof meta>;

export const CheckedBySchema: Story = {};
