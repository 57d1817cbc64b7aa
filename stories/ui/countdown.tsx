import { useEffect, useState } from 'react';

/** The seconds until a time, with one decimal. Use the time as its `key` as well. */
export function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <>{(Math.max(0, to - now) / 1000).toFixed(1)} s</>;
}
