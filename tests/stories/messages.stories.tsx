import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Topics } from '../../stories/topics.tsx';
import { TypedMessages } from '../../stories/typed-messages.tsx';

const meta = {
  title: 'Tests/Messages',
  // To be asserted, not to be looked at.
  tags: ['!dev', '!autodocs'],
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

const patient = { timeout: 5_000 };

export const ShowsWhatFitsAndWhatDoesNot: Story = {
  render: () => <TypedMessages />,
  play: async ({ canvas, userEvent }) => {
    const panel = (name: string) => canvas.getByRole('region', { name });
    await waitFor(() => expect(panel('The last message')).toHaveTextContent('Open'), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Order tea' }));
    await waitFor(() => expect(panel('The last message')).toHaveTextContent('quantity2'), patient);
    for (const [name, said] of [
      ['Order minus two', /issues/],
      ['Send half', /SyntaxError/],
      ['Send 8 bytes', /text frames/],
    ] as const) {
      await userEvent.click(canvas.getByRole('button', { name }));
      await waitFor(() => expect(panel('What could not be read')).toHaveTextContent(said), patient);
    }
    await expect(panel('What could not be read')).toHaveTextContent('3 so far');
    await expect(panel('The last message')).toHaveTextContent('quantity2');
    await expect(panel('The last message')).toHaveTextContent('Open');
  },
};

export const SubscribesAgainAfterADrop: Story = {
  render: () => <Topics />,
  play: async ({ canvas, userEvent }) => {
    const summary = canvas.getByRole('region', { name: 'Connection' });
    const last = () =>
      within(canvas.getByRole('list', { name: 'Tickers' }))
        .getAllByRole('listitem')
        .at(-1);
    await waitFor(() => expect(last()).toHaveTextContent(/T200\d+\.\d\d/), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Drop the link' }));
    await waitFor(() => expect(summary).toHaveTextContent('Links so far2'), patient);
    const messages = () => Number(/Messages(\d+)/.exec(summary.textContent ?? '')?.[1]);
    const before = messages();
    await waitFor(() => expect(messages()).toBeGreaterThan(before + 200), patient);
  },
};
