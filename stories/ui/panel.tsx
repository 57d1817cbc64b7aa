import { type ReactNode, useId } from 'react';

/** A titled box. */
export function Panel(props: {
  title: string;
  note?: ReactNode;
  /** A button beside the title. */
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="ui-panel" aria-labelledby={id}>
      <div className="ui-panel-head">
        <h2 id={id}>{props.title}</h2>
        {props.note && <p className="ui-note">{props.note}</p>}
        {props.action}
      </div>
      {props.children}
    </section>
  );
}

/** Names and values, one a line. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="ui-facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A large number with a label. */
export function Figure(props: { label: string; unit?: string; children: ReactNode }) {
  return (
    <div className="ui-figure">
      <span className="ui-figure-label">{props.label}</span>
      <span className="ui-figure-value">
        {props.children}
        {props.unit && <span className="ui-figure-unit">{props.unit}</span>}
      </span>
    </div>
  );
}

/** A frame as received, in a code font. */
export function FrameView(props: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    <figure className="ui-figure" aria-labelledby={id}>
      <figcaption className="ui-figure-label" id={id}>
        {props.label}
      </figcaption>
      <code className="ui-frame">{props.children}</code>
    </figure>
  );
}
