import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './papers.ts';

const INSTALLED = [
  'react',
  'redis',
  '@redis',
  'ws',
  'zod',
  'buffer',
  'lib0',
  'mqtt-packet',
  'y-protocols',
  'yjs',
  'vite',
  '@vitejs',
  'vitest',
  'mock-socket',
  'partysocket',
  'react-use-websocket',
  '@testing-library',
  '@tanstack',
  '@types',
  'playwright',
  '@jest',
  'expect',
  'storybook',
  '@storybook',
];

/** Packages that examples use and this repository does not have: of each, what the examples use. */
const FOREIGN = `
declare module 'fastify' {
  export default function Fastify(): {
    readonly server: import('node:http').Server;
    addHook(name: 'preClose', hook: () => Promise<void>): void;
    listen(options: { port: number }): Promise<string>;
    close(): Promise<void>;
  };
}
declare module 'next' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export default function next(options: { dev: boolean; hostname: string; port: number }): {
    prepare(): Promise<void>;
    getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  };
}
declare module 'next/headers' {
  export function cookies(): Promise<{ get(name: string): { value: string } | undefined }>;
}
declare module 'next/jest' {
  function nextJest(options: { dir: string }): (config: object) => () => Promise<object>;
  export = nextJest;
}
declare module 'react-native' {
  export const AppState: {
    addEventListener(type: 'change', listener: (state: 'active') => void): { remove(): void };
  };
  export const Text: (props: { children: string }) => null;
}
declare module '@react-native-community/netinfo' {
  const NetInfo: {
    addEventListener(
      listener: (state: { type: string; isConnected: boolean | null }) => void,
    ): () => void;
  };
  export default NetInfo;
}
declare module 'socket.io' {
  export class Server {
    constructor(server: import('node:http').Server, options: { destroyUpgrade: boolean });
    on(type: 'connection', listener: (socket: { emit(type: string): void }) => void): void;
  }
}
declare module '@playwright/test' {
  export * from 'playwright/test';
}`;

/** An app with the package installed: the types come from the build, through its `exports`. */
export interface App {
  /** What the compiler of the app says of these files, as a program in Node or by other compiler options. */
  compile(files: Readonly<Record<string, string>>, options?: object): string;
  remove(): void;
}

export function createApp(): App {
  const app = mkdtempSync(join(tmpdir(), 'papers-'));
  const link = (name: string, to: string) => {
    const path = join(app, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path, 'junction');
  };
  link('react-lifeline', root);
  for (const name of INSTALLED) link(name, join(root, 'node_modules', name));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(app, 'foreign.d.ts'), FOREIGN);

  return {
    compile(files, options) {
      for (const [name, code] of Object.entries(files)) {
        mkdirSync(dirname(join(app, name)), { recursive: true });
        writeFileSync(join(app, name), code);
      }
      const compilerOptions = {
        target: 'ES2022',
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        module: 'NodeNext',
        jsx: 'react-jsx',
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        checkJs: true,
        skipLibCheck: true,
        noEmit: true,
        ...options,
      };
      writeFileSync(
        join(app, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['foreign.d.ts', ...Object.keys(files)] }),
      );
      const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
      const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', app], {
        encoding: 'utf8',
      });
      return stdout + stderr;
    },
    remove: () => rmSync(app, { recursive: true, force: true }),
  };
}
