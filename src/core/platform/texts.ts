/**
 * Whether error messages include the remedy. The build for the export condition `production` sets it to false, which
 * removes these texts from the code.
 */
export const FULL_TEXTS: boolean = true;
