import { type RefObject, useEffect, useState } from 'react';

/** Whether enough of an element has been in view. */
export function useVisible(element: RefObject<Element | null>, enough = 0.3): boolean {
  const [isVisible, setVisible] = useState(false);
  useEffect(() => {
    if (!element.current || isVisible) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setVisible(true),
      { threshold: enough },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, enough, isVisible]);
  return isVisible;
}
