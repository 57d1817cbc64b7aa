import type { Meta, StoryObj } from '@storybook/react-vite';
import example from '../examples/why-react-lifeline.tsx?raw';
import { showExample } from '../parts/example.ts';
import { FrontPage } from './front-page.tsx';

const meta = {
  title: 'Why react-lifeline',
  component: FrontPage,
  parameters: showExample(example, 'front-page/front-page.tsx'),
  args: { patience: 70_000, flood: 2_500 },
} satisfies Meta<typeof FrontPage>;

export default meta;
type Story = StoryObj<typeof meta>;

export const Why: Story = { name: 'Why react-lifeline' };
