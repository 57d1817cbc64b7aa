import type { Meta, StoryObj } from '@storybook/react-vite';
import { Binary } from './binary.tsx';
import source from './binary.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Binary',
  component: Binary,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof Binary>;

export default meta;
type Story = StoryObj<typeof meta>;

export const EightBytes: Story = {};
