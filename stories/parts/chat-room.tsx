import { type ReactNode, useState } from 'react';
import type { SendResult } from '../../src/index.ts';
import type { Said } from '../server/words.ts';
import { Button, Input } from '../ui/controls.tsx';

/** A message that the server has not confirmed yet. */
export interface Draft {
  readonly id: string;
  readonly text: string;
  /** The result of the last send(). */
  readonly state: SendResult;
}

const states: Record<SendResult, string> = {
  queued: 'waits for a connection',
  sent: 'not confirmed yet',
  dropped: 'not sent',
};

/** The people in the room, their messages, and a field to write one. */
export function ChatRoom(props: {
  name: string;
  present: readonly string[];
  /** Without a link, `present` is the last known list. */
  online: boolean;
  said: readonly Said[];
  drafts: readonly Draft[];
  onSay: (text: string) => void;
}) {
  const { name, present, online, said, drafts, onSay } = props;
  const [text, setText] = useState('');

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
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it */}
      <div className="ui-chat" role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {said.map((message) => (
            <Bubble key={message.id} {...message} own={message.from === name} />
          ))}
          {drafts.map(({ id, text: draft, state }) => (
            <Bubble key={id} text={draft} own waits>
              <span className="ui-bubble-state">{states[state]}</span>
            </Bubble>
          ))}
        </ol>
      </div>
      <form
        className="ui-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSay(text);
          setText('');
        }}
      >
        <Input
          label={`Message from ${name}`}
          placeholder={`Write as ${name}`}
          value={text}
          required
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" kind="primary">
          Send
        </Button>
      </form>
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
