import { Source } from '@storybook/addon-docs/blocks';

/** A file of this repository as an application would write it. */
export function CodeFile({ code }: { code: string }) {
  return <Source language="tsx" code={asPublished(code)} />;
}

const asPublished = (code: string) =>
  code.replace(/(?<=from ')[./]+\/src\/index\.ts(?=')/, 'react-lifeline').trim();
