import { useEffect, useRef } from 'react';
import type { Text, YTextEvent } from 'yjs';

/** A Yjs text in a textarea. The cursor keeps its place while others write. */
export function SharedTextarea({ text, label }: { text: Text; label: string }) {
  const area = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const field = area.current;
    if (!field) return;
    const show = ({ delta }: Pick<YTextEvent, 'delta'>) => {
      // Own typing is shown already, and writing it again would move the cursor.
      if (field.value === text.toJSON()) return;
      const { selectionStart, selectionEnd, scrollTop } = field;
      field.value = text.toJSON();
      field.setSelectionRange(shift(selectionStart, delta), shift(selectionEnd, delta));
      field.scrollTop = scrollTop;
    };
    show({ delta: [] });
    text.observe(show);
    return () => text.unobserve(show);
  }, [text]);

  return (
    <textarea
      ref={area}
      className="ui-input ui-textarea"
      aria-label={label}
      rows={11}
      spellCheck={false}
      onInput={({ currentTarget }) => write(text, currentTarget.value)}
    />
  );
}

/** Writes only the changed part, so that edits of others stay. */
function write(text: Text, after: string): void {
  const before = text.toJSON();
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  text.doc?.transact(() => {
    text.delete(start, before.length - start - end);
    text.insert(start, after.slice(start, after.length - end));
  });
}

/** The new position of a place in the text after a change. */
function shift(place: number, delta: YTextEvent['delta']): number {
  let at = 0;
  for (const { retain = 0, insert = '', delete: gone = 0 } of delta) {
    at += retain;
    if (at > place) break;
    place -= Math.min(gone, place - at);
    const added = typeof insert === 'string' ? insert.length : 1;
    if (at < place) place += added;
    at += added;
  }
  return place;
}
