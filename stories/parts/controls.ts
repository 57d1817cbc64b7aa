/** A range of milliseconds. */
const milliseconds = (description: string, min: number, max: number, step = 500) => ({
  description: `${description}, in milliseconds`,
  control: { type: 'range', min, max, step } as const,
});

const number = (description: string, min: number, max: number, step = 1) => ({
  description,
  control: { type: 'range', min, max, step } as const,
});

const onOff = (description: string) => ({ description, control: 'boolean' }) as const;

/** What can be set in the panel of a story: the options of the library, and a few of the demo. */
const all = {
  room: {
    description:
      'The room on the demo server. Two windows with the same room meet. Empty: a room of its own',
    control: 'text',
  },
  name: { description: 'Your name in the room', control: 'text' },
  enabled: onOff('enabled: off closes the connection at once, and keeps nothing'),
  manual: onOff('manual: on waits for the first open() or reconnect()'),
  connectTimeout: milliseconds('connectTimeout: how long an attempt may take', 500, 20_000),
  closeTimeout: milliseconds('closeTimeout: how long close() waits for the server', 500, 10_000),
  binaryType: {
    description: 'binaryType: the form in which binary frames arrive',
    control: 'inline-radio',
    options: ['arraybuffer', 'blob'],
  },
  delivery: onOff(
    'delivery: on keeps messages until the server has confirmed them. The heartbeat is lifeline() then',
  ),
  heartbeat: onOff('heartbeat: on notices a dead peer'),
  interval: milliseconds('heartbeat.interval: the time between two pings', 500, 30_000),
  timeout: milliseconds('heartbeat.timeout: how long an answer may take', 500, 10_000),
  maxTimeout: milliseconds(
    'heartbeat.maxTimeout: the longest time for an answer on a slow network',
    500,
    120_000,
  ),
  reconnect: onOff('reconnect: off closes the connection after the first loss'),
  minDelay: milliseconds('reconnect.minDelay: the shortest wait', 0, 5_000, 250),
  baseDelay: milliseconds('reconnect.baseDelay: the range of the first wait', 0, 10_000),
  maxDelay: milliseconds('reconnect.maxDelay: the largest range of a wait', 500, 30_000),
  maxAttempts: number('reconnect.maxAttempts: how often it tries before it gives up', 1, 20),
  after: milliseconds('How long the connection must be lost before the banner appears', 0, 10_000),
  stableAfter: milliseconds(
    'reconnect.stableAfter: how long a link must be open before earlier failures are forgotten',
    0,
    20_000,
  ),
  outbox: onOff('outbox: off drops what is sent without a link'),
  maxBytes: number('outbox.maxBytes: how many bytes may wait', 16, 1_048_576, 16),
  maxMessages: number('outbox.maxMessages: how many messages may wait', 1, 20),
  overflow: {
    description: 'outbox.overflow: which message a full outbox drops',
    control: 'inline-radio',
    options: ['drop-oldest', 'drop-newest'],
  },
  patience: milliseconds('timeout: how long the reply to a request may take', 500, 30_000),
  again: onOff('again: on sends a request again if its link ends before the reply has come'),
  linger: milliseconds('linger: how long a connection outlives its last component', 0, 5_000),
  token: {
    description: 'The token in the login. The server closes with code 4403 for a bad one',
    control: 'inline-radio',
    options: ['good', 'bad'],
  },
  asleep: milliseconds('How long the computer sleeps', 10_000, 3_600_000, 10_000),
  signals: onOff(
    'signals: off ignores what the browser says of the network and the page. On is its default',
  ),
  lifetime: milliseconds('How long a token is valid', 1_500, 30_000),
  perSecond: number('How many prices the server sends in a second', 0, 10_000, 100),
} as const;

/** The controls of a story, in this order. */
export function controls<Name extends keyof typeof all>(...names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<typeof all, Name>;
}
