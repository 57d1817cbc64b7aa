import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import { Topics } from '../../stories/mechanism/topics.tsx';
import { TypedMessages } from '../../stories/mechanism/typed-messages.tsx';

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
    await canvas.findByText('Open', {}, patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Order tea' }));
    await waitFor(() => expect(panel('The last message')).toHaveTextContent('quantity2'), patient);
    for (const [name, said] of [
      ['Order −2', /too_small|invalid_union/],
      ['Send half', /SyntaxError/],
      ['Send 8 bytes', /text frames/],
    ] as const) {
      await userEvent.click(canvas.getByRole('button', { name }));
      await waitFor(() => expect(panel('What could not be read')).toHaveTextContent(said), patient);
    }
    await expect(panel('What could not be read')).toHaveTextContent('3 so far');
    await expect(panel('The last message')).toHaveTextContent('quantity2');
    await expect(canvas.getByText('Open')).toBeInTheDocument();
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
    await userEvent.click(canvas.getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(summary).toHaveTextContent(ONE_CALL_FOR_ALL), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Drop' }));
    await waitFor(() => expect(summary).toHaveTextContent('Links so far2'), patient);
    await waitFor(() => expect(summary).toHaveTextContent(ONE_CALL_FOR_ALL), patient);
    const before = received(summary);
    await userEvent.click(canvas.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(received(summary)).toBeGreaterThan(before), patient);
  },
};

export const RendersForItsOwnTopic: Story = {
  render: () => <Topics perSecond={1_000} />,
  play: async ({ canvas, userEvent }) => {
    const summary = canvas.getByRole('region', { name: 'Connection' });
    await waitFor(() => expect(received(summary)).toBeGreaterThan(1_000), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Stop' }));
    const counts = canvas.getAllByLabelText('Times rendered');
    const renders = counts.reduce((sum, { textContent }) => sum + Number(textContent), 0);
    await expect(counts).toHaveLength(200);
    await expect(renders).toBeLessThanOrEqual(200 + received(summary));
  },
};

export const UnsubscribesFromWhatIsNotShown: Story = {
  globals: { theme: 'dark' },
  render: () => <Topics />,
  play: async ({ canvas, userEvent }) => {
    const summary = canvas.getByRole('region', { name: 'Connection' });
    await waitFor(() => expect(summary).toHaveTextContent(ONE_CALL_FOR_ALL), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Show only 20' }));
    await waitFor(() => expect(summary).toHaveTextContent('Topics on the server20Calls'), patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Show all 200' }));
    await waitFor(
      () => expect(summary).toHaveTextContent('Topics on the server200Calls on this link2'),
      patient,
    );
  },
};

export const ErrorsAreReadableInTheDark: Story = {
  globals: { theme: 'dark' },
  render: () => <TypedMessages />,
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText('Open', {}, patient);
    await userEvent.click(canvas.getByRole('button', { name: 'Send half' }));
    await canvas.findByText(/SyntaxError/, {}, patient);
  },
};

const ONE_CALL_FOR_ALL = 'Topics on the server200Calls on this link1Links';

const received = ({ textContent }: HTMLElement) =>
  Number(/Prices received(\d+)/.exec(textContent ?? '')?.[1]);
