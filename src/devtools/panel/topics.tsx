'use client';

import type { JSX } from 'react';
import type { RecordedTopic } from '../recorder/types.ts';
import { focusPanel } from './focus-panel.ts';
import { Scroller } from './scroller.tsx';
import { firstOf } from './select.ts';
import { count, describeTime, describeValue, show } from './words.ts';

/** How much of a message is shown. */
const SHOWN_LETTERS = 1_000;

const isBad = ({ unheard, forgotten }: RecordedTopic) => unheard > 0 || forgotten > 0;

interface TopicsProps {
  readonly topics: readonly RecordedTopic[];
  /** How many frames could not be decoded: nobody knows which topics they belong to. */
  readonly notDecoded: number;
  readonly onShowNotDecoded: () => void;
}

/** The topics, those first that are probably a bug. */
export function Topics({ topics, notDecoded, onShowNotDecoded }: TopicsProps): JSX.Element {
  if (topics.length === 0) return <p className="empty">No topic has been listened to.</p>;
  const { shown, rest } = firstOf([
    ...topics.filter(isBad),
    ...topics.filter((topic) => !isBad(topic)),
  ]);
  return (
    <Scroller name="Topics">
      {notDecoded > 0 && topics.some(({ at }) => at === undefined) && (
        <WhyNone notDecoded={notDecoded} onShow={onShowNotDecoded} />
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Topic</th>
            <th scope="col">Listeners</th>
            <th scope="col">Last message</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((topic) => (
            <TopicRow key={topic.name} topic={topic} />
          ))}
          {rest && (
            <tr>
              <td colSpan={3}>{rest}</td>
            </tr>
          )}
        </tbody>
      </table>
    </Scroller>
  );
}

/** Tells why a topic may have no message. */
function WhyNone(props: { readonly notDecoded: number; readonly onShow: () => void }): JSX.Element {
  return (
    <p className="why-none">
      <strong>{count(props.notDecoded, 'frame')} could not be decoded.</strong> A topic without a
      message may have got one of them.{' '}
      <button
        type="button"
        onClick={(event) => {
          focusPanel(event);
          props.onShow();
        }}
      >
        Show these frames
      </button>
    </p>
  );
}

function TopicRow({ topic }: { readonly topic: RecordedTopic }): JSX.Element {
  const { name, listeners, added, removed, unheard, forgotten, last, at } = topic;
  return (
    <tr data-bad={isBad(topic)}>
      <th scope="row">{show(name)}</th>
      <td>
        {listeners} <span className="note">{`(${added} added, ${removed} removed)`}</span>
        {forgotten > 0 && <strong>never unsubscribed</strong>}
        {unheard > 0 && <strong>{`${count(unheard, 'message')} came, and nobody listened`}</strong>}
      </td>
      <td>
        {at !== undefined && <time>{describeTime(at)}</time>}{' '}
        <code>{at === undefined ? 'none yet' : show(describeValue(last), SHOWN_LETTERS)}</code>
      </td>
    </tr>
  );
}
