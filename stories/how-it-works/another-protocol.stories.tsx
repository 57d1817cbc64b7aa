import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import example from '../examples/another-protocol.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { patient, press, region, untilStatus } from '../parts/play.ts';
import { AnotherProtocol } from './another-protocol.tsx';

const meta = {
  title: 'How it works/Protocol of another server',
  component: AnotherProtocol,
  parameters: showExample(example, 'how-it-works/another-protocol.tsx'),
  args: { token: 'good', room: '' },
  argTypes: controls('token', 'room'),
} satisfies Meta<typeof AnotherProtocol>;

export default meta;
type Story = StoryObj<typeof meta>;

export const GraphqlTransportWs: Story = { name: 'Protocol of another server' };

export const EachLinkLogsInAndSubscribesAgain: Story = {
  tags: ['!dev'],
  globals: { theme: 'dark' },
  play: async (play) => {
    const { canvas } = play;
    const prices = () => within(region(canvas, 'Subscriptions')).getAllByText(/^\d+\.\d\d$/);
    const logins = () => within(region(canvas, 'Login')).getAllByText('Received: connection_ack');
    await untilStatus(play, 'Open');
    await waitFor(() => expect(prices()).toHaveLength(2), patient);
    await press(play, 'Kill the TCP connection');
    await waitFor(() => expect(logins()).toHaveLength(2), patient);
    await untilStatus(play, 'Open');
    const before = prices()[0]?.textContent;
    await waitFor(() => expect(prices()[0]).not.toHaveTextContent(`${before}`), patient);
  },
};

export const ABadTokenIsRefusedAndTriedOnceMore: Story = {
  tags: ['!dev'],
  args: { token: 'bad' },
  play: async (play) => {
    await untilStatus(play, 'Closed');
    await expect(region(play.canvas, 'Break the connection')).toHaveTextContent(/4403/);
    const attempts = within(region(play.canvas, 'Login')).getAllByText(/^Sent/);
    await expect(attempts).toHaveLength(2);
    const refusals = within(region(play.canvas, 'Login')).getAllByText(
      /closed with 4403, bad token/,
    );
    await expect(refusals).toHaveLength(2);
    await expect(region(play.canvas, 'Subscriptions')).not.toHaveTextContent(/\d/);
  },
};
