import { WebSocketDevtools } from '../../../src/devtools.ts';
import type { Library } from './library.ts';
import reactLifeline from './react-lifeline.tsx';

/** The same app with the open panel beside it, as while one develops. */
const library: Library = {
  ...reactLifeline,
  Reader: (props) => (
    <>
      <reactLifeline.Reader {...props} />
      <WebSocketDevtools initialIsOpen />
    </>
  ),
};
export default library;
