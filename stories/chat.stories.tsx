import type { Meta, StoryObj } from '@storybook/react-vite';
import { Chat } from './chat.tsx';

const meta = {
  title: 'Apps/Chat',
  component: Chat,
  args: { room: '' },
} satisfies Meta<typeof Chat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = {};
