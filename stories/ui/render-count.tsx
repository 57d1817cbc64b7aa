import { useEffect, useRef } from 'react';
import { prefersReducedMotion } from './use-reduced-motion.ts';

/**
 * Counts how often the component that calls it was rendered and committed; the ref goes to `<RenderCount>`. It
 * writes to the page itself, so that counting renders causes none.
 */
export function useRenderCount() {
  const output = useRef<HTMLOutputElement>(null);
  const renders = useRef(0);
  useEffect(() => {
    renders.current += 1;
    if (!output.current) return;
    output.current.textContent = String(renders.current);
    if (renders.current === 1 || prefersReducedMotion()) return;
    output.current.animate(
      [{ color: 'var(--accent)', transform: 'scale(1.35)' }, { transform: 'none' }],
      { duration: 350, easing: 'ease-out' },
    );
  });
  return output;
}

/** Shows the count. Not announced: it changes too often. */
export function RenderCount({
  count,
  bare = false,
}: {
  count: ReturnType<typeof useRenderCount>;
  /** The number alone, where there is no room for the word. */
  bare?: boolean;
}) {
  return (
    <p className="ui-renders">
      {!bare && 'Rendered'}
      <output ref={count} aria-live="off" aria-label="Times rendered" />
    </p>
  );
}
