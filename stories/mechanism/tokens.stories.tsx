import type { Meta, StoryObj } from '@storybook/react-vite';
import { Tokens } from './tokens.tsx';
import source from './tokens.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Tokens',
  component: Tokens,
  parameters: showSource(source),
  args: { lifetime: 8_000, room: '' },
} satisfies Meta<typeof Tokens>;

export default meta;
type Story = StoryObj<typeof meta>;

export const FreshForEachAttempt: Story = {};
