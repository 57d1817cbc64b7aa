/**
 * Whether errors say what was expected and what to do. The build for the export condition `production` sets it to
 * false, and so leaves these texts out.
 */
export const FULL_TEXTS: boolean = true;
