import type { Meta, StoryObj } from '@storybook/react-vite';
import { LiveData } from './live-data.tsx';
import source from './live-data.tsx?raw';
import { showSource } from '../parts/show-source.ts';

const meta = {
  title: 'Apps/Live data',
  component: LiveData,
  parameters: showSource(source),
  args: { room: '', perSecond: 5_000 },
  argTypes: { perSecond: { control: { type: 'range', min: 0, max: 10_000, step: 500 } } },
} satisfies Meta<typeof LiveData>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThousandsASecond: Story = {};
