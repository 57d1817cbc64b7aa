/** A row of the table. With a limit, a larger figure fails the command. */
export interface Figure {
  readonly name: string;
  readonly figure: number;
  readonly atMost?: number;
}
