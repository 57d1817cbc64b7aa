// The package has no types.
declare module '@size-limit/preset-small-lib' {
  const plugins: Parameters<typeof import('size-limit').default>[0];
  export default plugins;
}
