/** Code of this repository with the imports of an app that has installed the package. */
export function asPublished(code: string): string {
  return code
    .replace(
      /'[./]+\/src\/(\w+)\.ts'/g,
      (_, entry) => `'react-lifeline${entry === 'index' ? '' : `/${entry}`}'`,
    )
    .trim();
}
