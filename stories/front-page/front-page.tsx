import { useContext, useState } from 'react';
import { CodeBlock } from '../ui/code-block.tsx';
import { Page, PageContext } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { useReducedMotion } from '../ui/use-reduced-motion.ts';
import { Cards } from './cards.tsx';
import { CutRace } from './cut-race.tsx';
import { Figures } from './figures.tsx';
import { describeFlood, Flood, useFlood } from './flood.tsx';
import { record } from './record.ts';
import './front-page.css';

/** What the library is for, and a race with what else there is. */
export function FrontPage(props: {
  /** How long an app is waited for after the cut, in milliseconds. */
  patience: number;
  /** How long each app is measured in the flood, in milliseconds. */
  flood: number;
}) {
  const [isSettled, setSettled] = useState(false);
  const [said, say] = useState('');
  const { isSimulated, onEvent } = useContext(PageContext);
  const [wasFlooded, setFlooded] = useState(isSimulated);
  const flood = useFlood(isSimulated ? record.flood : {}, (results) => {
    onEvent?.('flood', [results]);
    setFlooded(true);
    say(describeFlood(results));
  });
  const isCalm = useReducedMotion();
  const settle = () => {
    setSettled(true);
    if (!wasFlooded && !isCalm) flood.begin();
  };
  return (
    <Page
      title="A WebSocket for React that notices a dead link"
      lede="For apps that need a live connection: chats, prices, maps, shared documents. One provider and one hook keep it alive, and show its state in your components."
      simulated={null}
      below={<Cards />}
    >
      <Figures />
      <div className="front-races">
        <CutRace
          patience={props.patience}
          off={flood.running !== null}
          say={say}
          onStart={() => setSettled(false)}
          onSettled={settle}
        />
        <Flood flood={flood} length={props.flood} off={!isSettled} />
      </div>
      <output className="ui-hidden" aria-label="Result">
        {said}
      </output>
      <Panel
        title="Install"
        note={
          <a className="ui-link" href="./?path=/docs/getting-started--docs" target="_parent">
            Getting started
          </a>
        }
      >
        <CodeBlock label="Command" code="npm install react-lifeline" />
      </Panel>
    </Page>
  );
}
