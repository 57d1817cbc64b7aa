import { expect, test } from 'vitest';
import { ownTitle } from '../../.storybook/title.ts';

test.for([
  ['Apps/Chat - Chat ⋅ Storybook', 'Chat · react-lifeline'],
  ['Live connection - Live connection ⋅ Storybook', 'Live connection · react-lifeline'],
  [
    "Docs / Other servers' protocols - Docs ⋅ Storybook",
    "Other servers' protocols · react-lifeline",
  ],
  ['Storybook', 'react-lifeline'],
] as const)('the window of "%s" has a title of its own', ([theirs, own]) => {
  expect(ownTitle(theirs)).toBe(own);
});
