import { createContext, useContext } from 'react';
import { showStatus } from '../recorder.tsx';

const Open = createContext(false);

/** Components that show whether a connection is open, by a context: for libraries without a provider. */
export function StatusesByContext({
  open,
  count,
}: {
  readonly open: boolean;
  readonly count: number;
}) {
  return (
    <Open value={open}>
      {Array.from({ length: count }, (_, n) => (
        <Status key={n} name={String(n)} />
      ))}
    </Open>
  );
}

function Status({ name }: { readonly name: string }) {
  return showStatus(name, useContext(Open));
}
