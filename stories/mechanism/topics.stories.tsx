import type { Meta, StoryObj } from '@storybook/react-vite';
import { Topics } from './topics.tsx';
import source from './topics.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Mechanism/Topics',
  component: Topics,
  parameters: showSource(source),
  args: { room: '', perSecond: 200 },
  argTypes: { perSecond: { control: { type: 'range', min: 0, max: 5_000, step: 100 } } },
} satisfies Meta<typeof Topics>;

export default meta;
type Story = StoryObj<typeof meta>;

export const TwoHundredTickers: Story = {};
