import type { ArgTypes, Decorator, Meta, StoryObj } from '@storybook/react-vite';
import { expect, fn, waitFor } from 'storybook/test';
import example from '../examples/playground.tsx?raw';
import { controls } from '../parts/controls.ts';
import { showExample } from '../parts/example.ts';
import { fill, patient, type Play, press, region, untilStatus } from '../parts/play.ts';
import { PageContext } from '../ui/page.tsx';
import { Playground } from './playground.tsx';
import { defaults, GROUPS, initial, type Settings, SINGLE } from './settings.ts';

/** Controls under a heading, with the defaults of the library; shown while the setting `under` is on. */
function group(category: string, names: readonly (keyof Settings)[], under?: keyof Settings) {
  const entries = Object.entries(controls(...names)).map(([name, control]) => [
    name,
    {
      ...control,
      table: { category, defaultValue: { summary: String(defaults[name as keyof Settings]) } },
      ...(under && { if: { arg: under } }),
    },
  ]);
  return Object.fromEntries(entries) as ArgTypes<Settings>;
}

const shown = showExample(example, 'playground/playground.tsx');

const meta = {
  title: 'Playground',
  component: Playground,
  // The code that it shows is written by it.
  parameters: { docs: shown.docs, devtools: { isHidden: true } },
  args: { ...initial, room: '' },
  argTypes: {
    ...group('heartbeat', ['heartbeat']),
    ...group('heartbeat', GROUPS.heartbeat, 'heartbeat'),
    ...group('reconnect', ['reconnect']),
    ...group('reconnect', GROUPS.reconnect, 'reconnect'),
    ...group('outbox', ['outbox']),
    ...group('outbox', GROUPS.outbox, 'outbox'),
    ...group('other options', [...SINGLE, 'delivery']),
    room: { ...controls('room').room, table: { category: 'demo' } },
  },
} satisfies Meta<typeof Playground>;

export default meta;
type Story = StoryObj<typeof meta>;

export const EveryOption: Story = { name: 'Playground' };

const onEvent = fn<(type: string, details: readonly unknown[]) => void>();
const decorators: Decorator<Settings>[] = [
  (Inner) => (
    <PageContext value={{ isSimulated: false, onEvent }}>
      <Inner />
    </PageContext>
  ),
];

const code = ({ canvas }: Play) => region(canvas, 'Code');

export const TheCodeHasTheOptionsThatAreNotTheDefault: Story = {
  tags: ['!dev'],
  args: { interval: 500, timeout: 500, baseDelay: 300, overflow: 'drop-newest', delivery: true },
  globals: { theme: 'dark' },
  decorators,
  play: async (play) => {
    onEvent.mockClear();
    await expect(code(play)).toHaveTextContent(
      'heartbeat={lifeline({ interval: 500, timeout: 500 })}',
    );
    await expect(code(play)).toHaveTextContent("outbox={{ overflow: 'drop-newest' }}");
    await expect(code(play)).toHaveTextContent('delivery={confirmed()}');
    await expect(code(play)).not.toHaveTextContent('linger');
    await untilStatus(play, 'Open');
    await press(play, 'Cut the cable');
    await fill(play, 'Message', 'kept');
    await press(play, 'Send');
    // By the next link.
    const confirmed = () =>
      onEvent.mock.calls.flatMap(([type, details]) => (type === 'confirm' ? details : []).flat());
    await waitFor(() => expect(confirmed()).toContain('kept'), patient);
  },
};

export const EventsAreActions: Story = {
  tags: ['!dev'],
  args: { manual: true, reconnect: false },
  decorators,
  play: async (play) => {
    onEvent.mockClear();
    const types = () => onEvent.mock.calls.map(([type]) => type);
    await expect(types()).toEqual([]);
    await press(play, 'open()');
    await untilStatus(play, 'Open');
    await waitFor(() => expect(types()).toContain('message'), patient);
    await press(play, 'Kill the TCP connection');
    await untilStatus(play, 'Closed');
    await expect(types()).toContain('open');
    await expect(types().at(-1)).toBe('close');
  },
};
