import { useState } from 'react';
import { CodeBlock } from '../ui/code-block.tsx';
import { Button } from '../ui/controls.tsx';
import { apps, type RacerName, RACERS } from './racers/racers.ts';

/** The code of each app, one click away. */
export function Sources() {
  const [shown, setShown] = useState<RacerName | null>(null);
  return (
    <div className="ui-lines">
      <div className="ui-buttons front-sources">
        <span className="ui-note">Show the code of:</span>
        {RACERS.map((name) => (
          <Button
            key={name}
            pressed={shown === name}
            onClick={() => setShown(shown === name ? null : name)}
          >
            {name}
          </Button>
        ))}
      </div>
      {shown && (
        <>
          <CodeBlock label={`Code of ${shown}`} code={apps[shown].code} />
          <p className="ui-note">
            This is the file that runs. <code>&lt;Screen&gt;</code> shows the status and the price.
          </p>
        </>
      )}
    </div>
  );
}
