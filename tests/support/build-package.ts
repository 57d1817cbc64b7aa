import { execSync } from 'node:child_process';

/** Builds `dist` before the tests of the package. */
export function setup(): void {
  execSync('npm run --silent build', { stdio: 'inherit' });
}
