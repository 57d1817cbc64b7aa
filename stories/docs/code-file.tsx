import { CodeOrSourceMdx } from '@storybook/addon-docs/blocks';
import { asPublished } from '../parts/as-published.ts';

/** A file of this repository as an application would write it, in the look of a block of code. */
export function CodeFile({ code }: { code: string }) {
  return (
    <pre>
      <CodeOrSourceMdx className="language-tsx">{asPublished(code)}</CodeOrSourceMdx>
    </pre>
  );
}
