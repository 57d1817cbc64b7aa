/** The largest number of identities in one script and one message, so that Redis can serve other clients in between. */
export const BATCH = 500;
