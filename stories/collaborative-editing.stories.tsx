import type { Meta, StoryObj } from '@storybook/react-vite';
import { CollaborativeEditing } from './collaborative-editing.tsx';

const meta = {
  title: 'Apps/Collaborative editing',
  component: CollaborativeEditing,
  args: { room: '' },
} satisfies Meta<typeof CollaborativeEditing>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoEditors: Story = {};
