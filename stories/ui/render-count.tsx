import { memo, useEffect, useRef } from 'react';
import { prefersReducedMotion } from './use-reduced-motion.ts';

/** The least time between two flashes of a count, in milliseconds. Above that rate they would show nothing, and cost frames. */
const FLASH_PERIOD = 350;

/**
 * Counts the committed renders of the calling component. The ref goes to `<RenderCount>`. The count is written to the page
 * directly, so that counting causes no render.
 */
export function useRenderCount() {
  const output = useRef<HTMLOutputElement>(null);
  const renders = useRef(0);
  const flashedAt = useRef(-Infinity);
  useEffect(() => {
    renders.current += 1;
    if (!output.current) return;
    writeText(output.current, String(renders.current));
    if (renders.current === 1 || prefersReducedMotion()) return;
    const now = performance.now();
    if (now - flashedAt.current < FLASH_PERIOD) return;
    flashedAt.current = now;
    output.current.animate(
      [{ color: 'var(--accent)', transform: 'scale(1.35)' }, { transform: 'none' }],
      { duration: FLASH_PERIOD, easing: 'ease-out' },
    );
  });
  return output;
}

/**
 * Changes the text node in place. A new node would be a change of the tree, after which Storybook's highlighter reads the
 * styles of every element: five frames a second at 5,000 renders.
 */
function writeText(element: HTMLElement, text: string): void {
  if (element.firstChild) element.firstChild.nodeValue = text;
  else element.textContent = text;
}

/** Shows the count. It is not announced, since it changes too often. */
export const RenderCount = memo(function RenderCount({
  count,
}: {
  count: ReturnType<typeof useRenderCount>;
}) {
  return (
    <p className="ui-renders">
      Rendered
      <output ref={count} aria-live="off" aria-label="Times rendered" />
    </p>
  );
});
