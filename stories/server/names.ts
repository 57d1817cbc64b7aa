const NAMES = [
  'Ada',
  'Grace',
  'Alan',
  'Barbara',
  'Edsger',
  'Frances',
  'Donald',
  'Hedy',
  'Tony',
  'Joan',
  'Ken',
  'Karen',
  'Niklaus',
  'Margaret',
  'Dennis',
  'Radia',
  'Robin',
  'Sophie',
  'Tim',
  'Adele',
  'Vint',
  'Mary',
  'John',
  'Shafi',
];

/** The name of the nth client of a room, from 0: Ada, Grace, … and Ada 2 when the list is used up. */
export function nameOf(n: number): string {
  const round = Math.floor(n / NAMES.length);
  return `${NAMES[n % NAMES.length]}${round ? ` ${round + 1}` : ''}`;
}
