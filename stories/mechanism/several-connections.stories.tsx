import type { Meta, StoryObj } from '@storybook/react-vite';
import { SeveralConnections } from './several-connections.tsx';
import source from './several-connections.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Several connections',
  component: SeveralConnections,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof SeveralConnections>;

export default meta;
type Story = StoryObj<typeof meta>;

export const SideBySide: Story = {};
