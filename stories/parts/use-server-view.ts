import { useState } from 'react';
import { useMessage } from '../../src/index.ts';
import { readServerWord } from '../server/words.ts';

/** The name of this client at the server, and the number of clients in the room. */
export function useServerView(): { name: string | null; clients: number | null } {
  const [view, setView] = useState<ReturnType<typeof useServerView>>({ name: null, clients: null });
  useMessage((frame) => {
    const word = readServerWord(frame);
    if (word?.demo === 'welcome') setView({ name: word.name, clients: word.clients });
    if (word?.demo === 'clients') setView(({ name }) => ({ name, clients: word.clients }));
  });
  return view;
}
