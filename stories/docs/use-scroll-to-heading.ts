import { DocsContext } from '@storybook/addon-docs/blocks';
import { useContext, useEffect } from 'react';
import { STORY_RENDERED } from 'storybook/internal/core-events';

/** Storybook scrolls to the heading in the address before the stories above it are there: scroll again after each. */
export function useScrollToHeading(storyCount: number): void {
  const { channel } = useContext(DocsContext);
  useEffect(() => {
    let left = storyCount;
    const scroll = () => {
      if (--left === 0) channel.off(STORY_RENDERED, scroll);
      // The address is that of the frame around the page.
      const heading = decodeURIComponent(window.parent.location.hash.slice(1));
      document.getElementById(heading)?.scrollIntoView();
    };
    channel.on(STORY_RENDERED, scroll);
    return () => channel.off(STORY_RENDERED, scroll);
  }, [channel, storyCount]);
}
