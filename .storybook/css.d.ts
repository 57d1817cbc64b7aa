/** Vite loads them for their effect; TypeScript wants to be told that they are modules. */
declare module '*.css';
