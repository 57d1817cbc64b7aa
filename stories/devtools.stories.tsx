import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, waitFor, within } from 'storybook/test';
import { Devtools } from './devtools.tsx';
import example from './examples/devtools.tsx?raw';
import { controls } from './parts/controls.ts';
import { patient } from './parts/play.ts';
import { showExample } from './parts/example.ts';

const shown = showExample(example, 'devtools.tsx');

const meta = {
  title: 'Devtools',
  component: Devtools,
  parameters: {
    ...shown,
    devtools: { isHidden: true },
    // The panel is at the end of its page: in a page of the docs, it needs one of its own.
    docs: { ...shown.docs, story: { inline: false, height: '600px' } },
  },
  args: { interval: 500, timeout: 500, baseDelay: 300, room: '' },
  argTypes: controls('interval', 'timeout', 'baseDelay', 'room'),
} satisfies Meta<typeof Devtools>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The panel, which is in a shadow root at the end of the page. */
const panel = () => {
  const { shadowRoot } = document.querySelector('react-lifeline-devtools') as HTMLElement;
  return within(shadowRoot as unknown as HTMLElement);
};

const press = (name: string) => fireEvent.click(panel().getByRole('button', { name }));
const openTab = (name: RegExp) => fireEvent.click(panel().getByRole('tab', { name }));

/** An answer to a heartbeat. */
const pong = () => panel().getAllByText('pong')[0] as HTMLElement;
const isOpen = () =>
  expect(panel().getByRole('slider').getAttribute('aria-valuetext')).toMatch(/Open$/);
/** Not those of the story before, whose connection is listed, too. */
const hasFrames = () =>
  waitFor(async () => {
    await isOpen();
    pong();
  }, patient);

export const OneConnection: Story = {};

export const ShowsFramesAndRoundTrips: Story = {
  tags: ['!dev', '!autodocs'],
  play: async () => {
    await hasFrames();
    await fireEvent.click(pong());
    await expect(panel().getByRole('region', { name: 'Frame' })).toHaveTextContent('heartbeat, in');
    await waitFor(() => expect(panel().getByText(/^Round trip/)).toBeInTheDocument(), patient);
  },
};

export const BreaksTheConnection: Story = {
  tags: ['!dev', '!autodocs'],
  globals: { theme: 'dark' },
  play: async () => {
    await hasFrames();
    await openTab(/Break it/);
    await press('Refuse');
    await press('Drop');
    await waitFor(() => expect(panel().getByText('refuse')).toBeInTheDocument(), patient);
    await waitFor(() => expect(panel().getByText(/closed with 1006/)).toBeInTheDocument(), patient);
    await press('End all');
    await waitFor(isOpen, patient);
  },
};

export const ShowsWhatSilenceSwallows: Story = {
  tags: ['!dev', '!autodocs'],
  play: async () => {
    await hasFrames();
    await openTab(/Break it/);
    await press('Silence');
    await openTab(/Frames/);
    await waitFor(() => expect(panel().getAllByText('Lost')[0]).toBeInTheDocument(), patient);
  },
};
