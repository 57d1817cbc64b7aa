import type { ReactNode } from 'react';
import type { FigureName, Figures } from './figures.ts';
import type { Library } from './libraries/library.ts';
import type { Peer } from './peer.ts';

/** The size of a play. */
export interface Size {
  readonly messages: number;
  readonly components: number;
}

/** A size and the number of the play: no two plays on a page show the same. */
export interface Play extends Size {
  readonly play: number;
}

/** Figures of a play, and the time that it waited in vain, in milliseconds. */
export type Outcome = Figures & { readonly idle?: number };

/** What a scenario can use in the page. */
export interface Stage {
  readonly library: Library;
  /** The url for the library. */
  readonly url: string;
  render(tree: ReactNode): void;
  /** Starts the server's part, which may return figures. */
  go(play: Play): Promise<Figures>;
}

/** A measurement, the same for every library. Its parts run in the page, in the server and in the driver. */
export interface Scenario {
  /** Its name on the command line. */
  readonly name: string;
  /** A description in a sentence. */
  readonly about: string;
  /** The first size is used for comparisons. Each runs on its own page. */
  readonly sizes: readonly Size[];
  /** The size of the first play, which is not measured. */
  warmUp(size: Size): Size;
  /** The number of plays on a page; the median counts. */
  readonly plays: number;
  /** The figures to show, in this order. */
  readonly columns: readonly FigureName[];
  /** Whether it is played once, for all libraries at the same time, since it takes long. */
  readonly together?: boolean;
  /** Whether the page connects through a proxy. */
  readonly proxied?: boolean;
  /** The time between clicks of the driver at 40, 40 during a play, in milliseconds. */
  readonly clickEvery?: number;
  /** In the page: renders what must be there before the start. */
  setUp?(stage: Stage, size: Size): void;
  /** In the page: everything from the start to the frame that shows the end. */
  play(stage: Stage, play: Play): Promise<Outcome>;
  /** In the server. */
  serve?(peer: Peer, play: Play): Promise<Figures>;
}
