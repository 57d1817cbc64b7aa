import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './papers.ts';

/** The folder of an app with React Native. It is no workspace: 188 MB are too much for every `npm ci`. */
export const nativeApp: string = join(root, 'tests/react-native');

/** Whether the packages of that app are installed. */
export const hasReactNative = (): boolean =>
  existsSync(join(nativeApp, 'node_modules/react-native/package.json'));

export const reactNativeHelp =
  'React Native is not installed: npm ci --prefix tests/react-native --ignore-scripts';
