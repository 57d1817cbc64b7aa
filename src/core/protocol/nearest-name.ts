/**
 * Returns the known name that is most like a wrong one, or undefined if none is like it. Upper and lower case count as the
 * same. Of a path such as `heartbeat.interval`, only the last part counts.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wrong = name.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  for (const path of known) {
    const right = path.replace(/.*\./, '').toLowerCase();
    const edits = countEdits(wrong, right);
    // Two names are not alike if more than half of the letters differ.
    const isLike = edits <= Math.max(wrong.length, right.length) / 2;
    if (isLike && edits < least) [nearest, least] = [path, edits];
  }
  return nearest;
}

/** Counts the letters to add, remove or replace to turn one text into the other (Levenshtein distance). */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index++) {
    let left = index + 1;
    row = row.map((above, column) => {
      if (column === 0) return left;
      const diagonal = (row[column - 1] ?? 0) + Number(from[index] !== to[column - 1]);
      left = Math.min(diagonal, above + 1, left + 1);
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
