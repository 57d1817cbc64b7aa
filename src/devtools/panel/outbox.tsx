'use client';

import type { JSX } from 'react';
import { useMemo, useState } from 'react';
import type { Entry } from '../recorder/types.ts';
import { List } from './list.tsx';
import { LongText } from './long-text.tsx';
import { Scroller } from './scroller.tsx';
import type { MessageFate } from './select.ts';
import { fatesOf } from './select.ts';
import { describeTime, describeValue, ROW_LETTERS, show } from './words.ts';

/** The messages of the outbox, and what became of each. */
export function Outbox({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const fates = useMemo(() => fatesOf(entries), [entries]);
  const [chosenId, choose] = useState<number>();
  const chosen = fates.find(({ id }) => id === chosenId);
  if (fates.length === 0) return <p className="empty">No message has been in the outbox.</p>;
  return (
    <div className="list-and-details">
      <List
        name="Messages"
        items={fates}
        chosen={chosen ?? null}
        onChoose={({ id }) => choose(id)}
        renderRow={(fate) => <MessageRow fate={fate} />}
      />
      {chosen && (
        <Scroller name="Message" className="details">
          <p>
            {show(describeFate(chosen))}, {describeTime(chosen.at)}
          </p>
          <LongText text={describeValue(chosen.message, 2)} />
        </Scroller>
      )}
    </div>
  );
}

const describeFate = ({ what, reason }: MessageFate): string =>
  reason === undefined ? what : `${what} (${reason})`;

function MessageRow({ fate }: { readonly fate: MessageFate }): JSX.Element {
  return (
    <span className="message-row" data-bad={/dropped|failed|uncertain/.test(fate.what)}>
      <time>{describeTime(fate.since)}</time>{' '}
      <strong>{show(describeFate(fate), ROW_LETTERS)}</strong>{' '}
      <span className="value">{show(describeValue(fate.message), ROW_LETTERS)}</span>
    </span>
  );
}
