import type { Meta, StoryObj } from '@storybook/react-vite';
import { StrictModeAndActivity } from './strict-mode.tsx';
import source from './strict-mode.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/StrictMode and Activity',
  component: StrictModeAndActivity,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof StrictModeAndActivity>;

export default meta;
type Story = StoryObj<typeof meta>;

export const OneOrNone: Story = {};
