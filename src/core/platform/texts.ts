/**
 * Whether error messages include the remedy, and whether mistakes are looked for that a type checker finds and that harm
 * nobody else, and whether connections announce themselves to devtools. The build for the export condition `production` sets it to
 * false, which removes all three from the code.
 */
export const FULL_TEXTS: boolean = true;
