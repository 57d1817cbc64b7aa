import type { Meta, StoryObj } from '@storybook/react-vite';
import { Topics } from './topics.tsx';

const meta = {
  title: 'Topics',
  component: Topics,
  args: { room: '' },
} satisfies Meta<typeof Topics>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoHundredTickers: Story = {};
