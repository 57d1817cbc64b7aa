import type { StoryObj } from '@storybook/react-vite';
import { waitFor, within } from 'storybook/test';

/** What the play functions below need of their context. */
export type Play = Pick<
  Parameters<NonNullable<StoryObj['play']>>[0],
  'canvas' | 'canvasElement' | 'userEvent'
>;
export type Canvas = Play['canvas'];

/** Time for a link to be lost and made anew on a busy machine. */
export const patient = { timeout: 10_000 };

export const region = (canvas: Canvas, name: string) => canvas.getByRole('region', { name });

export const press = ({ canvas, userEvent }: Play, button: string) =>
  userEvent.click(canvas.getByRole('button', { name: button }));

/** Types into a field in place of what it holds. */
export async function fill({ canvas, userEvent }: Play, label: string, text: string) {
  const field = canvas.getByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, text);
}

/** Drops the link, and keeps the server closed for these seconds. */
export async function refuse(play: Play, seconds: string) {
  await fill(play, 'Seconds to refuse', seconds);
  await press(play, 'Refuse');
}

/** Waits until the control bar shows this status. */
export const untilStatus = ({ canvas }: Play, status: 'Open' | 'Reconnecting' | 'Closed') =>
  waitFor(
    () => within(region(canvas, 'Break the connection')).getByText(status, { exact: true }),
    patient,
  );

/** A number of the panel of rates, by its label. */
export function rate(canvas: Canvas, label: RegExp): number {
  const figure = within(region(canvas, 'Rates')).getByText(label);
  return Number(/[\d,]+/.exec(figure.nextElementSibling?.textContent ?? '')?.[0].replace(',', ''));
}
