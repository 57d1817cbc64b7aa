import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from './browser.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';

/** A browser that shows what Chromium shows, too, as Debian has it. */
export interface Engine {
  readonly name: string;
  /** The Debian packages that bring it. */
  readonly packages: readonly string[];
  /** The programs that it is started with. */
  readonly programs: readonly string[];
  /** Starts it with this page. */
  starts(url: string): Promise<Browser>;
}

export type EngineId = keyof typeof ENGINES;

export const ENGINES = {
  firefox: {
    name: 'Firefox',
    packages: ['firefox-esr'],
    programs: ['firefox-esr'],
    starts: (url: string) => startFirefox('firefox-esr', url),
  },
  webkit: {
    name: 'WebKitGTK',
    packages: ['webkit2gtk-driver', 'xvfb'],
    programs: ['WebKitWebDriver', 'Xvfb'],
    starts: (url: string) => startWebKit('WebKitWebDriver', url),
  },
} as const satisfies Record<string, Engine>;

const isInstalled = (program: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const all = Object.keys(ENGINES) as EngineId[];

export const installedEngines: readonly EngineId[] = all.filter((id) =>
  ENGINES[id].programs.every(isInstalled),
);

export const missingEngines: readonly EngineId[] = all.filter(
  (id) => !installedEngines.includes(id),
);

export const enginesHelp = (missing: readonly EngineId[]): string =>
  `Not found: ${missing.map((id) => ENGINES[id].name).join(', ')}. On Debian: apt-get install -y --no-install-recommends ${missing.flatMap((id) => ENGINES[id].packages).join(' ')}`;

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine of these tests; undefined for Chromium. */
    engine?: EngineId;
  }
}
