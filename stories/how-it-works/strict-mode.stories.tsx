import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor } from 'storybook/test';
import example from '../examples/strict-mode.tsx?raw';
import { StrictModeAndActivity } from './strict-mode.tsx';
import { patient, press, region } from '../parts/play.ts';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';

const meta = {
  title: 'How it works/StrictMode and Activity',
  component: StrictModeAndActivity,
  parameters: showExample(example, 'how-it-works/strict-mode.tsx'),
  args: { linger: 1_000, room: '' },
  argTypes: controls('linger', 'room'),
} satisfies Meta<typeof StrictModeAndActivity>;

export default meta;
type Story = StoryObj<typeof meta>;

export const HideAndShow: Story = { name: 'StrictMode and Activity' };

export const OneConnectionInStrictModeAndNoneWhileHidden: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const server = region(play.canvas, 'What the server sees');
    await waitFor(() => expect(server).toHaveTextContent('connections1 (App)'), patient);
    await waitFor(() =>
      expect(region(play.canvas, 'The app')).toHaveTextContent('connections so far1'),
    );
    await press(play, 'Hide the app');
    await waitFor(() => expect(server).toHaveTextContent('connectionsnone'), patient);
    await press(play, 'Show the app');
    await waitFor(() => expect(server).toHaveTextContent('connections1 (App)'), patient);
    await waitFor(() =>
      expect(region(play.canvas, 'The app')).toHaveTextContent('connections so far2'),
    );
  },
};

export const AnAppInStrictModeReconnectsAfterACutCable: Story = {
  tags: ['!dev'],
  play: async (play) => {
    const app = region(play.canvas, 'The app');
    await waitFor(() => expect(app).toHaveTextContent('statusopenconnections so far1'), patient);
    await press(play, 'Cut the cable');
    await waitFor(() => expect(app).toHaveTextContent('statusopenconnections so far2'), patient);
  },
};
