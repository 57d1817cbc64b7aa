import { chromium } from 'playwright';
import { PATIENCE } from './figures.ts';

/** The longest time for an answer of a page, in milliseconds. A crashed page gives none. */
const LIMIT = PATIENCE + 20_000;

/** A page in its own process, controlled by the DevTools protocol. */
export interface Page {
  send<Result>(method: string, params?: object): Promise<Result>;
  /** The value of an expression, or that of its promise. */
  evaluate<Value>(expression: string): Promise<Value>;
  close(): Promise<void>;
}

export interface Browser {
  readonly version: string;
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

interface Evaluated<Value> {
  readonly result: { readonly value: Value };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: unknown };
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Starts a browser. Its pages are not opened by Playwright, which enables the Network domain: the main thread would report
 * every WebSocket frame, and that costs three times as much as the frame itself.
 */
export async function launch(executablePath: string, args: string[]): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args });
  const session = await browser.newBrowserCDPSession();
  const waiting = new Map<number, (answer: Answer | null) => void>();
  let lastId = 0;

  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });

  async function open(url: string): Promise<Page> {
    const { browserContextId } = await session.send('Target.createBrowserContext');
    const { targetId } = await session.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      width: 800,
      height: 600,
    });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId });

    const page: Page = {
      async send<Result>(method: string, params: object = {}) {
        const id = ++lastId;
        const answered = new Promise<Answer | null>((resolve) => {
          waiting.set(id, resolve);
          setTimeout(resolve, LIMIT, null).unref();
        });
        const message = JSON.stringify({ id, method, params });
        await session.send('Target.sendMessageToTarget', { sessionId, message });
        const answer = await answered;
        waiting.delete(id);
        if (!answer) throw new Error(`${url} took longer than ${LIMIT} ms: ${message}`);
        const { result, error } = answer;
        if (error) throw new Error(`${method}: ${error.message}`);
        return result as Result;
      },
      async evaluate<Value>(expression: string) {
        const { result, exceptionDetails } = await page.send<Evaluated<Value>>('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        });
        if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
        return result.value;
      },
      async close() {
        await session.send('Target.disposeBrowserContext', { browserContextId });
      },
    };

    await page.send('Page.navigate', { url });
    await page.evaluate(
      `new Promise((go) => document.readyState === 'complete' ? go() : addEventListener('load', go))`,
    );
    return page;
  }

  return { version: browser.version(), open, close: () => browser.close() };
}
