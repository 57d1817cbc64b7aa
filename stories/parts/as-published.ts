/** Code of this repository as an app would write it, with the package installed. */
export function asPublished(code: string): string {
  return code
    .replace(
      /'[./]+\/src\/(index|core|presence|server)\.ts'/g,
      (_, entry) => `'react-lifeline${entry === 'index' ? '' : `/${entry}`}'`,
    )
    .trim();
}
