import type { Meta, StoryObj } from '@storybook/react-vite';
import { CollaborativeEditing } from './collaborative-editing.tsx';
import source from './collaborative-editing.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Apps/Collaborative editing',
  component: CollaborativeEditing,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof CollaborativeEditing>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoEditors: Story = {};
