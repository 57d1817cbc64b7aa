import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { read, root } from '../support/papers.ts';

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'repository-'));
  execFileSync('git', ['init', '--quiet'], { cwd: clone });
  writeFileSync(join(clone, 'package.json'), '{ "name": "react-lifeline" }');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const run = () =>
  spawnSync(process.execPath, [join(root, 'tests/package/set-repository.mjs')], { cwd: clone });

test.each(['https://example.com/ada/react-lifeline', 'git@example.com:ada/react-lifeline.git'])(
  'a release takes the repository and the homepage from the remote origin: %s',
  (origin) => {
    execFileSync('git', ['remote', 'add', 'origin', origin], { cwd: clone });
    expect(run().status).toBe(0);
    expect(JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))).toEqual({
      name: 'react-lifeline',
      homepage: 'https://example.com/ada/react-lifeline#readme',
      repository: { type: 'git', url: 'git+https://example.com/ada/react-lifeline.git' },
    });
  },
);

test('a release without a remote fails', () => {
  expect(run().status).not.toBe(0);
});

test('the publish script sets the repository first', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(scripts['release:publish']).toMatch(/^node tests\/package\/set-repository\.mjs && /);
});
