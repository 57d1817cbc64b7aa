// The tests that depend on Node, on each Node that is supported: `npm run test:nodes`, or `-- 22 24`. Node's binaries come from
// npm, which keeps them. The Node that runs this has `npm test`.
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = [20, 22, 24, 26];
/** `node` holds the connection over sockets of `ws` and, from Node 22 on, over those of Node itself. */
const PROJECTS = ['node', 'server', 'package'];

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const own = Number(process.versions.node.split('.')[0]);
const given = process.argv.slice(2).map(Number);
const versions = given.length > 0 ? given : VERSIONS.filter((version) => version !== own);

/** The path of the binary of this Node, or undefined: npm has none for some systems. */
function binary(version) {
  const asks = [
    'exec',
    '--yes',
    `--package=node@${version}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ];
  const { stdout, status } = spawnSync('npm', asks, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? stdout.trim() : undefined;
}

const shown = [];
for (const version of versions) {
  const node = binary(version);
  if (!node) {
    shown.push(`!!! Node ${version}: not shown, since npm could not bring it`);
    continue;
  }
  const name = execFileSync(node, ['-v'], { encoding: 'utf8' }).trim();
  console.log(`\nNode ${name}`);
  const from = performance.now();
  const { status } = spawnSync(
    node,
    [vitest, 'run', ...PROJECTS.map((project) => `--project=${project}`)],
    {
      stdio: 'inherit',
      // For the programs that the tests start.
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
    },
  );
  const seconds = Math.round((performance.now() - from) / 1_000);
  shown.push(`Node ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (status !== 0) process.exitCode = 1;
}
console.log(`\n${PROJECTS.join(', ')}, with ws and the WebSocket of Node:\n${shown.join('\n')}`);
if (given.length === 0) console.log(`Node ${process.version}: shown by npm test`);
