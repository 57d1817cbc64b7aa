import { type ComponentProps, type ReactNode, useId } from 'react';

/** A button. While it is `off` it keeps its place and the focus, but does nothing. */
export function Button(props: {
  children: ReactNode;
  onClick?: () => void;
  type?: 'button' | 'submit';
  kind?: 'primary' | 'plain';
  off?: boolean;
  /** Makes it a toggle button. */
  pressed?: boolean;
  'aria-describedby'?: string;
}) {
  const { children, onClick, type = 'button', kind = 'plain', off = false, pressed } = props;
  return (
    <button
      // oxlint-disable-next-line react/button-has-type -- the type is 'button' or 'submit'
      type={type}
      className="ui-button"
      data-kind={kind}
      aria-disabled={off}
      aria-pressed={pressed}
      aria-describedby={props['aria-describedby']}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}

/** An input with a label for screen readers; others see its context. */
export function Input({ label, ...rest }: { label: string } & ComponentProps<'input'>) {
  return <input className="ui-input" aria-label={label} autoComplete="off" {...rest} />;
}

/** A button and its input, joined. */
export function Joined({ unit, children }: { unit?: string; children: ReactNode }) {
  return (
    <span className="ui-joined">
      {children}
      {unit && <span className="ui-joined-unit">{unit}</span>}
    </span>
  );
}

/** A list of actions. */
export function Actions({ children }: { children: ReactNode }) {
  return <ul className="ui-actions">{children}</ul>;
}

/** An action: its name, its effect and its controls. */
export function Action(props: {
  name: string;
  effect: string;
  children: (describedBy: string) => ReactNode;
}) {
  const id = useId();
  return (
    <li className="ui-action">
      <div>
        <p className="ui-action-name">{props.name}</p>
        <p className="ui-note" id={id}>
          {props.effect}
        </p>
      </div>
      <div className="ui-action-controls">{props.children(id)}</div>
    </li>
  );
}
