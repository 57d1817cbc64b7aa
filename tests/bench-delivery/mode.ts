/** The message of which each cost is measured. */
export const TEXT: string = JSON.stringify({ type: 'chat', text: 'x'.repeat(100) });

/** Whether the server has sessions and a history. */
export type Mode = 'plain' | 'delivery';
