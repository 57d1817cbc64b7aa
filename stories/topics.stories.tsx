import type { Meta, StoryObj } from '@storybook/react-vite';
import { Topics } from './topics.tsx';

const meta = {
  title: 'Topics',
  component: Topics,
  args: { room: '', perSecond: 200 },
  argTypes: { perSecond: { control: { type: 'range', min: 0, max: 5_000, step: 100 } } },
} satisfies Meta<typeof Topics>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoHundredTickers: Story = {};
