import { useState } from 'react';
import { createWebSocketHooks, json, RequestError, useRequest } from '../../src/index.ts';
import { createControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, useDemoUrl } from '../parts/demo-provider.tsx';
import type { Command, ServerWord } from '../server/words.ts';
import { Button, Input } from '../ui/controls.tsx';
import { Columns, Page, Stack } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

const hooks = createWebSocketHooks(
  {
    codec: json<ServerWord, Command>(),
    requests: {
      tag: (message, id) => ({ ...message, id }),
      reply: (word) => (word.demo === 'answer' ? word : null),
    },
    heartbeat: DEMO_HEARTBEAT,
    reconnect: DEMO_RECONNECT,
  },
  { useRequest },
);

interface Question {
  readonly id: number;
  readonly share: string;
  readonly giveUp: AbortController;
  readonly fate?: Fate;
}

/** How a request has ended. */
interface Fate {
  readonly tone: 'good' | 'bad';
  readonly word: string;
  readonly detail: string;
}

interface Options {
  readonly patience: number;
  readonly again: boolean;
}

/** Why there is no reply, in words. */
function fateOf(error: unknown): Fate {
  const isRefused = error instanceof RequestError && error.reason === 'refused';
  if (isRefused) return { tone: 'bad', word: 'refused', detail: String(error.cause) };
  const { uncertain, reason } = error as Partial<RequestError>;
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  return {
    tone: 'bad',
    word: reason ?? (isTimeout ? 'no reply in time' : 'given up'),
    detail: uncertain ? 'The server may have handled it.' : 'The server never got it.',
  };
}

function useQuestions({ patience, again }: Options) {
  const request = hooks.useRequest();
  const [questions, setQuestions] = useState<readonly Question[]>([]);

  async function ask(share: string) {
    const id = (questions[0]?.id ?? 0) + 1;
    const giveUp = new AbortController();
    const begun = performance.now();
    const end = (fate: Fate) =>
      setQuestions((all) => all.map((one) => (one.id === id ? { ...one, fate } : one)));
    setQuestions((all) => [{ id, share, giveUp }, ...all.slice(0, 7)]);
    try {
      const { signal } = giveUp;
      const reply = await request({ demo: 'ask', share }, { timeout: patience, again, signal });
      if (!('price' in reply) || reply.demo !== 'answer') return;
      const after = (performance.now() - begun).toFixed(0);
      end({ tone: 'good', word: reply.price.toFixed(2), detail: `After ${after} ms.` });
    } catch (error) {
      end(fateOf(error));
    }
  }
  return { questions, ask };
}

function Questions(options: Options) {
  const { questions, ask } = useQuestions(options);
  const [share, setShare] = useState('ACME');
  return (
    <Columns>
      <Panel title="Ask for a price" note="1 to 5 capital letters">
        <div className="ui-lines">
          <form
            className="ui-form"
            onSubmit={(event) => {
              event.preventDefault();
              void ask(share);
            }}
          >
            <Input
              label="Share"
              value={share}
              required
              onChange={(event) => setShare(event.target.value)}
            />
            <Button type="submit" kind="primary">
              Ask
            </Button>
          </form>
          <p className="ui-note">
            A request waits for its reply for {options.patience / 1000} s. If the link ends first,
            it is {options.again ? 'sent again over the next link' : 'rejected at once'}. Another
            name, such as “acme”, is refused by the server.
          </p>
        </div>
      </Panel>
      <Panel title="Requests">
        {questions.length === 0 && <p className="ui-note">Nothing yet.</p>}
        <ol className="ui-fates" reversed>
          {questions.map(({ id, share: name, giveUp, fate }) => (
            <li key={id} data-tone={fate?.tone ?? 'calm'}>
              <span>
                {name}
                <span className="ui-note">{fate?.detail}</span>
              </span>
              <span className="ui-tag">{fate?.word ?? 'waiting'}</span>
              <Button off={fate !== undefined} onClick={() => giveUp.abort()}>
                Give up
              </Button>
            </li>
          ))}
        </ol>
      </Panel>
    </Columns>
  );
}

const ControlBar = createControlBar(hooks.useWebSocket);

/** A promise for each request, which always settles. */
export function Requests(props: { room?: string } & Partial<Options>) {
  const { room, patience = 10_000, again = false } = props;
  return (
    <hooks.WebSocketProvider url={useDemoUrl(room)}>
      <Page
        title="Requests and replies"
        lede={
          <>
            A request is a message that gets a reply. <code>useRequest()</code> gives a promise of
            the reply, and the promise always settles. Cut the cable and ask: the request is
            rejected when the dead link is noticed.
          </>
        }
      >
        <Stack>
          <ControlBar />
          <Questions patience={patience} again={again} />
        </Stack>
      </Page>
    </hooks.WebSocketProvider>
  );
}
