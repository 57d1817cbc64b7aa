import { createContext, useContext, useEffect } from 'react';

/** Called after each render of a screen. */
export type Watch = (status: string, price: string | undefined) => void;

export const WatchContext = createContext<Watch>(() => {});

/** What the user of each app sees: what it says about its connection, and the last price. */
export function Screen(props: { status: string; price: unknown }) {
  const watch = useContext(WatchContext);
  // `open` and `Open` are the same to a user.
  const status = props.status.charAt(0).toUpperCase() + props.status.slice(1);
  const price = typeof props.price === 'string' ? props.price : undefined;
  useEffect(() => watch(status, price));
  return (
    <div className="front-screen">
      <span className="ui-pill" data-tone={status === 'Open' ? 'good' : 'warn'}>
        <span className="ui-dot" />
        {status}
      </span>
      <strong>{price ?? '–'}</strong>
    </div>
  );
}
