import { useEffect, useRef } from 'react';
import { prefersReducedMotion } from './use-reduced-motion.ts';

/**
 * Counts the committed renders of the calling component. The ref goes to `<RenderCount>`. The count is written to the page
 * directly, so that counting causes no render.
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

/** Shows the count. It is not announced, since it changes too often. */
export function RenderCount({
  count,
  bare = false,
}: {
  count: ReturnType<typeof useRenderCount>;
  /** Only the number, where space is short. */
  bare?: boolean;
}) {
  return (
    <p className="ui-renders">
      {!bare && 'Rendered'}
      <output ref={count} aria-live="off" aria-label="Times rendered" />
    </p>
  );
}
