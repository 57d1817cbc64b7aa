import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/requests.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { fill, patient, type Play, press, region, untilStatus } from '../parts/play.ts';
import { Requests } from './requests.tsx';

const meta = {
  title: 'How it works/Requests and replies',
  component: Requests,
  parameters: showExample(example, 'how-it-works/requests.tsx'),
  args: { patience: 10_000, again: false, room: '' },
  argTypes: controls('patience', 'again', 'room'),
} satisfies Meta<typeof Requests>;

export default meta;
type Story = StoryObj<typeof meta>;

export const APromiseForEach: Story = { name: 'Requests and replies' };

const newest = async ({ canvas }: Play, fate: RegExp) => {
  const first = () => within(region(canvas, 'Requests')).getAllByRole('listitem')[0];
  await waitFor(() => expect(first()).toHaveTextContent(fate), patient);
};

const ask = async (play: Play, share: string) => {
  await fill(play, 'Share', share);
  await press(play, 'Ask');
};

export const APromiseAlwaysSettles: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    await untilStatus(play, 'Open');
    await ask(play, 'ACME');
    await newest(play, /^ACMEAfter \d+ ms\.\d+\.\d\d/);
    await ask(play, 'acme');
    await newest(play, /^acmeThere is no share “acme”\.refused/);
    await press(play, 'Cut the cable');
    await ask(play, 'LOST');
    await newest(play, /^LOSTwaiting/);
    await newest(play, /^LOSTThe server may have handled it\.lost/);
  },
};

export const ARequestIsSentAgainOverTheNextLink: Story = {
  tags: ['!dev'],
  args: { again: true },
  play: async (play) => {
    await untilStatus(play, 'Open');
    await press(play, 'Cut the cable');
    await ask(play, 'ACME');
    await newest(play, /^ACMEwaiting/);
    await newest(play, /^ACMEAfter \d+ ms\.\d+\.\d\d/);
  },
};
