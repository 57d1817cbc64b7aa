'use client';

import { useEffect, useState } from 'react';
import type { Clock } from '../../core/platform/clock.ts';

/** Returns the time of a clock, once a second. */
export function useNow(clock: Clock): number {
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), 1_000);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}
