// The lock must list every platform's optional binaries, or `npm ci` fails here and other systems get none.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
);
const missing = Object.entries(packages).flatMap(([path, pkg]) =>
  Object.keys(pkg.optionalDependencies ?? {})
    .filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    )
    .map((name) => `${path || '.'} -> ${name}`),
);
if (missing.length > 0) {
  console.error(
    `package-lock.json lacks ${missing.length} optional packages:\n${missing.join('\n')}`,
  );
  process.exitCode = 1;
}
