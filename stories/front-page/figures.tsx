import { measured } from './measured.ts';

const OTHER = 'react-use-websocket';
const ours = (row: string) => measured(row, 'react-lifeline');

/** What is measured: our figure, those of others, and the command that repeats it. */
const FIGURES = [
  {
    figure: `Within ${ours('dead peer')}`,
    of: 'a dead link is replaced (ping 1 s + wait 1 s)',
    others: `${OTHER}: ${measured('dead peer', OTHER)}. WebSocket: ${measured('dead peer', 'floor')}.`,
    command: 'npm run bench -- --only dead-peer',
  },
  {
    figure: ours('renders for 20,000 messages'),
    of: 'renders for 20,000 messages',
    others: `${OTHER}: ${measured('renders for 20,000 messages', OTHER)}.`,
    command: 'npm run bench -- --only burst',
  },
  {
    figure: `${ours('client → server, delivered, %')} %`,
    of: 'delivered over cut links',
    others: `WebSocket: ${measured('client → server, delivered, %', 'ws by hand')} %. react-lifeline’s ${ours('client → server, delivered, %')} % needs its Node server.`,
    command: 'npm run bench:delivery',
  },
];

/** Three figures of `docs/measurements.md`. */
export function Figures() {
  return (
    <ul className="front-figures">
      {FIGURES.map(({ figure, of, others, command }) => (
        <li key={command}>
          <p className="front-figure">
            <strong>{figure}</strong> {of}
          </p>
          <p className="ui-note">{others}</p>
          <p className="ui-note">
            <code>{command}</code>
          </p>
        </li>
      ))}
    </ul>
  );
}
