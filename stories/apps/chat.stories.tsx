import type { Meta, StoryObj } from '@storybook/react-vite';
import { Chat } from './chat.tsx';
import source from './chat.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Apps/Chat',
  component: Chat,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof Chat>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = {};
