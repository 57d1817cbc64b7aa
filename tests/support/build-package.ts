import { execSync } from 'node:child_process';

/** Builds dist, so that the tests of the package need no step before them. */
export function setup(): void {
  execSync('npm run --silent build', { stdio: 'inherit' });
}
