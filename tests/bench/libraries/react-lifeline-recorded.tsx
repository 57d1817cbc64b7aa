import { recordings } from '../../../src/devtools/recorder/recordings.ts';
import library from './react-lifeline.tsx';

// As the open panel does: it reads what is new, at most once a frame.
recordings().subscribe(() => {
  for (const { subscribe, entries } of recordings().list()) subscribe(entries);
});

export default library;
