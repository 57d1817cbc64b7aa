/** Code of this repository with the imports of an app that has installed the package. */
export function asPublished(code: string): string {
  return code
    .replace(
<<<<<<< HEAD
      /'[./]+\/src\/(\w+)\.ts'/g,
=======
      /'[./]+\/src\/(index|core|devtools|presence|server)\.ts'/g,
>>>>>>> 221bf03 (docs(devtools): a page in both languages, a story, and a button in the live stories)
      (_, entry) => `'react-lifeline${entry === 'index' ? '' : `/${entry}`}'`,
    )
    .trim();
}
