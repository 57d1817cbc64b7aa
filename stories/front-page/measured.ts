import text from '../../docs/measurements.md?raw';

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/**
 * A figure of the tables in `docs/measurements.md`, as it stands there, but not to be broken between two lines.
 *
 * @throws if there is no such row, or none with such a column.
 */
export function measured(row: string, column: string): string {
  let names: readonly string[] = [];
  for (const line of text.split('\n')) {
    const cells = cellsOf(line);
    if (cells[0] === '') names = cells;
    const figure = cells[names.indexOf(column)];
    if (cells[0] === row && figure !== undefined) return figure.replaceAll(' ', '\u00A0');
  }
  throw new Error(`docs/measurements.md has no figure "${row}" of "${column}".`);
}
