import type { Meta, StoryObj } from '@storybook/react-vite';
import { showSource } from '../parts/show-source.ts';
import { WhoIsOnline } from './who-is-online.tsx';
import source from './who-is-online.tsx?raw';

const meta = {
  title: 'Apps/Who is online',
  component: WhoIsOnline,
  parameters: showSource(source),
  args: { room: '' },
} satisfies Meta<typeof WhoIsOnline>;

export default meta;
type Story = StoryObj<typeof meta>;

export const ThreePeople: Story = {};
