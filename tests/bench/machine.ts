import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { LIBRARIES } from './libraries/index.ts';
import type { Options } from './options.ts';

/** The date, versions and machine of a measurement, without host names and paths. */
export interface Machine {
  readonly date: string;
  readonly rounds: number;
  /** How long the measurement took. */
  readonly minutes: number;
  readonly processor: string;
  readonly cores: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
}

async function versionIn(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Describes this machine. */
export async function about(
  root: string,
  chromium: string,
  { rounds }: Options,
  minutes: number,
): Promise<Machine> {
  const versions: Record<string, string> = {};
  for (const name of [...LIBRARIES.map((library) => library.name), 'react', 'ws'])
    if (name === 'react-lifeline') versions[name] = await versionIn(root);
    else if (name !== 'floor') versions[name] = await versionIn(join(root, 'node_modules', name));
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    minutes,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    system: `${process.platform} ${process.arch}`,
    versions: { ...versions, Chromium: chromium, Node: process.versions.node },
  };
}
