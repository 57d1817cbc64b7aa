/** Parameters that let the docs page show the file that a story is about, as an app would have it. */
export function showSource(file: string) {
  const code = file
    .replace(/'[./]+\/src\/index\.ts'/g, "'react-lifeline'")
    .replace(/'[./]+\/src\/presence\.ts'/g, "'react-lifeline/presence'");
  return { docs: { source: { code, language: 'tsx' } } };
}
