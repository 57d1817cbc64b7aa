/** A browser as it is installed, with a profile of its own and one window. */
export interface Browser {
  /** Starts to navigate there. */
  goesTo(url: string): Promise<void>;
  /** Starts to navigate back in the history. */
  goesBack(): Promise<void>;
  /** The value of an expression in the page, or that of its promise; it must be plain data. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Another tab comes to the front, or the window is made an icon. Returns the function that brings back the page. */
  hides(): Promise<() => Promise<void>>;
  /** The browser loses its network, and reports it, or has it back. */
  setOffline(isOffline: boolean): Promise<void>;
  /** Ends the browser and deletes its profile. */
  stops(): Promise<void>;
}

/** What a browser needs of the environment, whatever the machine has. */
export const environment = (home: string) => ({
  ...process.env,
  HOME: home,
  LANG: 'en_US.UTF-8',
  LC_ALL: 'en_US.UTF-8',
  LANGUAGE: 'en_US',
});
