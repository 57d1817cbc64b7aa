/** Counts messages and renders without rendering. `sample()` returns the totals, and the rates since the last sample. */
export interface Tally {
  message(): void;
  render(): void;
  sample(): Sample;
}

export interface Sample {
  readonly messages: number;
  readonly renders: number;
  readonly messagesPerSecond: number;
  readonly rendersPerSecond: number;
}

export function createTally(): Tally {
  let [messages, renders] = [0, 0];
  let before = { messages, renders, at: performance.now() };
  return {
    message: () => void messages++,
    render: () => void renders++,
    sample() {
      const now = { messages, renders, at: performance.now() };
      const seconds = Math.max(0.001, (now.at - before.at) / 1000);
      const sample = {
        messages,
        renders,
        messagesPerSecond: (messages - before.messages) / seconds,
        rendersPerSecond: (renders - before.renders) / seconds,
      };
      before = now;
      return sample;
    },
  };
}
