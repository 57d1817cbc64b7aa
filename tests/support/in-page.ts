/** Whether there is a page. The project `native`, which is as React Native, leaves out the tests that need one. */
export const inPage: boolean = 'document' in globalThis;
