import type { ReactNode } from 'react';
import type { FigureName, Figures } from './figures.ts';
import type { Library } from './libraries/library.ts';
import type { Peer } from './peer.ts';

/** How much of a scenario is played. */
export interface Size {
  readonly messages: number;
  readonly components: number;
}

/** A size, and which play of it this is: no two plays on a page show the same. */
export interface Play extends Size {
  readonly play: number;
}

/** Figures of a play, and how much of its time was spent in waiting for what did not come, in milliseconds. */
export type Outcome = Figures & { readonly idle?: number };

/** What a scenario has at hand in the page. */
export interface Stage {
  readonly library: Library;
  /** Where the library is to connect to. */
  readonly url: string;
  render(tree: ReactNode): void;
  /** Tells the server to do its part, which may tell figures of its own. */
  go(play: Play): Promise<Figures>;
}

/** One thing that is measured, the same way for every library. It runs in three places: page, server and driver. */
export interface Scenario {
  /** What it is called on the command line. */
  readonly name: string;
  /** What is done, in a sentence. */
  readonly about: string;
  /** The first is the one to compare by. Each runs on a page of its own. */
  readonly sizes: readonly Size[];
  /** What is played first, and not measured. */
  warmUp(size: Size): Size;
  /** How often it is played on a page; the median counts. */
  readonly plays: number;
  /** Which figures it is about, in this order. */
  readonly columns: readonly FigureName[];
  /** Whether it takes so long that it is played once, for all libraries at the same time. */
  readonly together?: boolean;
  /** Whether the page is to connect through a proxy. */
  readonly proxied?: boolean;
  /** The driver clicks at 40, 40 that often, in milliseconds, while it is played. */
  readonly clickEvery?: number;
  /** In the page: renders what is to be there before "go". */
  setUp?(stage: Stage, size: Size): void;
  /** In the page: all between "go" and the frame that shows the end. */
  play(stage: Stage, play: Play): Promise<Outcome>;
  /** In the server: its part. */
  serve?(peer: Peer, play: Play): Promise<Figures>;
}
