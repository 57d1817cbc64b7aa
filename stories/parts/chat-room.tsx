import type { ReactNode } from 'react';
import type { OutboxItem } from '../../src/index.ts';
import type { Said, Say } from '../server/words.ts';
import { MessageForm } from './message-form.tsx';

const states = { waiting: 'waits for a connection', sent: 'not confirmed yet' };

/** The people in the room, their messages, and a field to write one. */
export function ChatRoom(props: {
  name: string;
  present: readonly string[];
  /** Without a link, `present` is the last known list. */
  online: boolean;
  /** A closed connection drops what is said. */
  isClosed: boolean;
  said: readonly Said[];
  unconfirmed: readonly OutboxItem<Say>[];
  onSay: (text: string) => void;
  /** New messages are announced to screen readers. Only one of several rooms on a page should do so. */
  announces?: boolean;
}) {
  const { name, present, online, isClosed, said, unconfirmed, onSay, announces = false } = props;

  return (
    <>
      <ul
        className="ui-present"
        data-stale={!online || undefined}
        aria-label={online ? 'Who is here' : 'Who was here'}
      >
        {present.map((other) => (
          <li key={other}>{other}</li>
        ))}
      </ul>
      <div
        className="ui-chat"
        role="log"
        aria-live={announces ? 'polite' : 'off'}
        aria-label={`Messages that ${name} sees`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it
        tabIndex={0}
      >
        <ol>
          {/* Nothing is inserted or removed but at the end. */}
          {said.map((message, at) => (
            <Bubble key={at} {...message} own={message.from === name} />
          ))}
          {unconfirmed.map(({ message, state }, at) => (
            <Bubble key={said.length + at} text={message.text} own waits>
              <span className="ui-bubble-state">{states[state]}</span>
            </Bubble>
          ))}
        </ol>
      </div>
      <MessageForm
        label={`Message from ${name}`}
        placeholder={isClosed ? 'Closed: nothing is sent' : `Write as ${name}`}
        off={isClosed}
        onSend={onSay}
      />
    </>
  );
}

function Bubble(props: {
  text: string;
  own: boolean;
  from?: string;
  waits?: boolean;
  children?: ReactNode;
}) {
  const { text, own, from, waits, children } = props;
  return (
    <li className="ui-bubble" data-own={own || undefined} data-waits={waits}>
      <span className={own ? 'ui-hidden' : 'ui-bubble-from'}>{own ? 'You' : from}</span>
      <p>{text}</p>
      {children}
    </li>
  );
}
