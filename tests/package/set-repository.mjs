// Writes into package.json where the repository is: the registry's page resolves the links of the README by it, and takes a
// provenance only for the repository that the package was built in. Run by a release; the address is known to Git alone.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const remote = execFileSync('git', ['config', '--get', 'remote.origin.url'], { encoding: 'utf8' });
// As `https://host/owner/name(.git)`, or as `git@host:owner/name.git`.
const [, host, path] =
  /^(?:\w+:\/\/)?(?:[^@/]*@)?([^:/]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(remote.trim()) ?? [];
if (!host || !path) throw new Error(`origin is no address of a repository: ${remote}`);

const page = `https://${host}/${path}`;
const pkg = JSON.parse(readFileSync('package.json', 'utf8'));
pkg.homepage = `${page}#readme`;
pkg.repository = { type: 'git', url: `git+${page}.git` };
writeFileSync('package.json', `${JSON.stringify(pkg, null, 2)}\n`);
