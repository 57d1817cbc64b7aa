import { useEffect, useState } from 'react';
import { useReducedMotion } from './use-reduced-motion.ts';

/** Milliseconds between two readings, usually and with reduced motion. */
const PACE = { usual: 100, reduced: 1_000 };

/** The time by `performance.now()`, read again and again while `isOn`. */
export function useNow(isOn: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  const pace = useReducedMotion() ? PACE.reduced : PACE.usual;
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setNow(performance.now()), pace);
    return () => clearInterval(timer);
  }, [isOn, pace]);
  return now;
}
