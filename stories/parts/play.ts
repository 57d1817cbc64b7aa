import type { StoryObj } from '@storybook/react-vite';
import { waitFor, within } from 'storybook/test';

/** The part of the play context that the functions below need. */
export type Play = Pick<
  Parameters<NonNullable<StoryObj['play']>>[0],
  'canvas' | 'canvasElement' | 'userEvent'
>;
export type Canvas = Play['canvas'];

/** Long enough to lose and replace a link on a busy machine. */
export const patient = { timeout: 10_000 };

export const region = (canvas: Canvas, name: string) => canvas.getByRole('region', { name });

export const press = ({ canvas, userEvent }: Play, button: string) =>
  userEvent.click(canvas.getByRole('button', { name: button }));

/** Replaces the text of a field. */
export async function fill({ canvas, userEvent }: Play, label: string, text: string) {
  const field = canvas.getByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, text);
}

/** Kills the connection, and refuses new ones for these seconds. */
export async function refuse(play: Play, seconds: string) {
  await fill(play, 'Seconds to refuse connections', seconds);
  await press(play, 'Refuse for');
}

/** Waits until the control bar shows this status. */
export const untilStatus = ({ canvas }: Play, status: 'Open' | 'Reconnecting' | 'Closed') =>
  waitFor(
    () => within(region(canvas, 'Break the connection')).getByText(status, { exact: true }),
    patient,
  );

/** A number in the panel of rates, by its label. */
export function rate(canvas: Canvas, label: RegExp): number {
  const figure = within(region(canvas, 'Rates')).getByText(label);
  return Number(/[\d,]+/.exec(figure.nextElementSibling?.textContent ?? '')?.[0].replace(',', ''));
}
