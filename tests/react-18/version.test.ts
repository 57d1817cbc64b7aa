import { version } from 'react';
import { version as domVersion } from 'react-dom';
import { expect, test } from 'vitest';

test('this project runs on the oldest supported React', () => {
  expect([version, domVersion]).toEqual(['18.2.0', '18.2.0']);
});
