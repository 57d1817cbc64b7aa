import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { missingPrograms, startProgram } from '../support/programs.ts';
import { seededRandom } from '../support/random.ts';
import { nothingLost, talkOverCuts } from '../support/talk-over-cuts.ts';

const SCRIPT = fileURLToPath(new URL('servers/delivery.py', import.meta.url));

test.skipIf(missingPrograms().includes('python3-websockets'))(
  'a server in Python that speaks delivery loses nothing and takes nothing twice, over forty cuts',
  async () => {
    const program = await startProgram('python3-websockets', (port) => [SCRIPT, String(port)]);
    onTestFinished(() => program.dies());
    const talk = await talkOverCuts({
      port: program.port,
      publish: (text) => program.tells(`publish ${text}`),
      random: seededRandom(7),
    });
    const [handled, runs] = ['up ', 'ask '].map((name) =>
      program.lines.filter((line) => line.startsWith(name)),
    );
    expect({ handled, runs, ...talk }).toEqual(nothingLost);
  },
);
