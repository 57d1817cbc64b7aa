import { useContext } from 'react';
import { PageContext } from '../ui/page.tsx';

/** The name of the visitor in a second window. */
const GUEST = 'Robin';

/** A link to the same story in the same room, under another name. A simulated server ends at its window. */
export function SecondWindow({ room }: { room: string }) {
  const { isSimulated, storyId } = useContext(PageContext);
  if (isSimulated || !storyId) return null;
  const address = new URLSearchParams({ id: storyId, viewMode: 'story' });
  return (
    <a
      className="ui-link"
      href={`./iframe.html?${address.toString()}&args=room:${room};name:${GUEST}`}
      target="_blank"
      rel="noreferrer"
    >
      Open a second window as {GUEST}
    </a>
  );
}
