import { type ReactNode, useId } from 'react';
import { type Status, StatusPill } from './status.tsx';

/** The screen of one of several people. */
export function Person(props: { name: string; status: Status; children: ReactNode }) {
  const { name, status, children } = props;
  const id = useId();
  return (
    <section className="ui-panel ui-person" aria-labelledby={id}>
      <header className="ui-person-head">
        <Avatar name={name} />
        <h2 id={id}>{name}</h2>
        <StatusPill status={status} />
      </header>
      {children}
    </section>
  );
}

/** The first letter of a name, beside the name. */
function Avatar({ name }: { name: string }) {
  return (
    <span className="ui-avatar" aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  );
}
