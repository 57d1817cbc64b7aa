import { useRef, useState } from 'react';
import { useMessages, useOutbox, useWebSocket, WebSocketProvider } from '../../src/index.ts';
import { ProviderControlBar } from '../parts/control-bar.tsx';
import { DEMO_HEARTBEAT, DEMO_RECONNECT, demoUrl, useRoom } from '../parts/demo-provider.tsx';
import { EventLog } from '../parts/event-log.tsx';
import { MessageForm } from '../parts/message-form.tsx';
import { issueToken } from '../server/tokens.ts';
import { Button } from '../ui/controls.tsx';
import { Columns, Page, Stack } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';

const USERS = ['Ada', 'Grace'];

interface Login {
  readonly user: string;
  readonly logIn: (name: string) => void;
}

/** Who is logged in, and a login for each user. */
function Account({ user, logIn }: Login) {
  const { status, reconnect } = useWebSocket();
  const isExpired = status === 'idle';
  return (
    <Panel title="Account">
      <div className="ui-lines">
        <output className="ui-hero-sentence">
          {isExpired ? 'The session has expired. Log in again.' : `Logged in as ${user}`}
        </output>
        <div className="ui-buttons">
          {USERS.map((name) => (
            <Button
              key={name}
              kind={isExpired ? 'primary' : 'plain'}
              off={!isExpired && name === user}
              onClick={() => {
                logIn(name);
                // Another user is another scope, which connects by itself.
                if (name === user) reconnect();
              }}
            >
              Log in as {name}
            </Button>
          ))}
        </div>
        <p className="ui-note">
          The url function returns null when the server for tokens says that the session has
          expired. The connection is idle then, and tries nothing.
        </p>
      </div>
    </Panel>
  );
}

const isNote = (message: unknown): message is string =>
  // What the demo says by itself is JSON.
  typeof message === 'string' && !message.startsWith('{');

/** What this user has written: those that the server has echoed, and those that wait. */
function Notes({ user }: Pick<Login, 'user'>) {
  const { send, status } = useWebSocket();
  const echoed = useMessages({ limit: 6, filter: isNote });
  const waiting = useOutbox();
  const isExpired = status === 'idle';
  return (
    <Panel title={isExpired ? 'Notes' : `Notes of ${user}`}>
      <div className="ui-lines">
        <MessageForm
          // A draft of one user is not shown to the next.
          key={user}
          label="Note"
          placeholder={isExpired ? 'Nobody is logged in' : `Write as ${user}`}
          off={isExpired}
          onSend={send}
        />
        <ol className="ui-fates">
          {echoed.map((text, n) => (
            <li key={n} data-tone="good">
              <span>{text}</span>
              <span className="ui-tag">sent</span>
            </li>
          ))}
          {waiting.map(({ message }, n) => (
            <li key={echoed.length + n} data-tone="warn">
              <span>{message as string}</span>
              <span className="ui-tag">waits</span>
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

/** A session that ends, and a login as somebody else. */
export function LoginExpiry(props: { room?: string; lifetime: number }) {
  const { lifetime } = props;
  const room = useRoom(props.room);
  const [user, setUser] = useState('Ada');
  // Stands for the app's own server, which knows when the session ends. One attempt gets a token, until then.
  const end = useRef<number>(null);
  const url = () => {
    end.current ??= Date.now() + lifetime;
    const left = end.current - Date.now();
    return left > 0 ? demoUrl(room, { name: user, token: issueToken(left) }) : null;
  };
  const logIn = (name: string) => {
    end.current = null;
    setUser(name);
  };

  return (
    <WebSocketProvider
      url={url}
      scope={`${room} ${user}`}
      heartbeat={DEMO_HEARTBEAT}
      reconnect={DEMO_RECONNECT}
    >
      <Page
        title="Login expiry"
        lede={`A session of this story lasts ${lifetime / 1000} s. Then the server closes the connection with code 4401. Log in as the other user: nothing of the first one is shown or sent, because the user is in the scope of the connection.`}
      >
        <ProviderControlBar isQuiet />
        <Columns>
          <Stack>
            <Account user={user} logIn={logIn} />
            <Notes user={user} />
          </Stack>
          <EventLog ended="Session over, no further attempt" />
        </Columns>
      </Page>
    </WebSocketProvider>
  );
}
