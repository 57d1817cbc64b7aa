import type { ReactElement } from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import { JsxEmit, ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { expect, test } from 'vitest';
import * as delivery from '../../src/delivery.ts';
import * as presence from '../../src/presence.ts';
import example from '../../stories/examples/playground.tsx?raw';
import { asPublished } from '../../stories/parts/as-published.ts';
import {
  choose,
  defaults,
  initial,
  propsOf,
  type Settings,
} from '../../stories/playground/settings.ts';
import { writeCode } from '../../stories/playground/write-code.ts';

const MODULES: Readonly<Record<string, object>> = {
  'react/jsx-runtime': jsxRuntime,
  'react-lifeline': { WebSocketProvider: 'provider' },
  'react-lifeline/delivery': delivery,
  'react-lifeline/presence': presence,
};

/** Runs the code of an app, and returns what it gives its provider. Functions are compared by what they are made of. */
function propsIn(code: string): object {
  const { outputText } = transpileModule(code, {
    compilerOptions: {
      jsx: JsxEmit.ReactJSX,
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
    },
  });
  const exports: {
    default?: () => ReactElement<{ children: unknown; url: string }>;
  } = {};
  // oxlint-disable-next-line typescript/no-implied-eval -- it is the code of a visitor
  new Function('exports', 'require', outputText)(exports, (name: string) => MODULES[name]);
  const { children, url, ...props } = exports.default?.().props ?? {};
  expect({ children, url }).toMatchObject({
    url: 'delivery' in props ? 'ws://localhost:8080?name=You' : 'ws://localhost:8080',
  });
  return props;
}

const shape = (props: object) =>
  JSON.parse(
    JSON.stringify(props, (_, value: unknown) =>
      typeof value === 'function' ? value.toString() : value,
    ),
  ) as object;

/** A value that is not the default. */
function otherThan(value: Settings[keyof Settings]) {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return value === 'arraybuffer' ? 'blob' : 'drop-newest';
  return Number.isFinite(value) ? Number(value) + 1_234 : 7;
}

const names = [...Object.keys(initial), 'maxAttempts'] as (keyof Settings)[];
const everything = Object.fromEntries(names.map((name) => [name, otherThan(defaults[name])]));

test('the code of the playground is at first the example that the tests run', () => {
  expect(writeCode(choose(initial))).toBe(asPublished(example));
});

test('the code of the playground has no option where each has its default', () => {
  expect(writeCode(choose(defaults))).toContain('<WebSocketProvider url="ws://localhost:8080">');
});

test.for<[string, Partial<Settings>]>([
  ...names.map((name): [string, Partial<Settings>] => [
    name,
    { [name]: otherThan(defaults[name]) },
  ]),
  ['delivery without a heartbeat', { heartbeat: false, delivery: true }],
  ['delivery with times', { ...initial, delivery: true }],
  ['delivery with another maxTimeout', { heartbeat: true, delivery: true, maxTimeout: 500 }],
  ['every field', { ...everything, reconnect: true, outbox: true }],
  ['every setting', everything],
])('the code of the playground gives a provider what the story does: %s', ([, changed]) => {
  const settings = { ...defaults, heartbeat: true, ...changed };
  const chosen = choose(settings);
  const code = writeCode(chosen);
  expect(shape(propsIn(code))).toEqual(shape(propsOf(chosen)));
  expect(Math.max(...code.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});
