import { createContext, type ReactNode, useContext, useState } from 'react';
import { Mark } from '../../src/devtools/panel/mark.tsx';
import { Button } from './controls.tsx';
import { CodeBlock } from './code-block.tsx';
import { Panel } from './panel.tsx';

/** What stands on every page of a story, whatever the story. */
export interface PageExtras {
  /** Code that runs when it is pasted, and the file of the story. */
  readonly example?: { readonly code: string; readonly file: string } | undefined;
  readonly storyId?: string;
  /** Whether the server is a simulated one. */
  readonly isSimulated: boolean;
  /** Called with each event of a connection on the page. */
  readonly onEvent?: (type: string, details: readonly unknown[]) => void;
  /** Stands below everything else. */
  readonly end?: ReactNode;
}

export const PageContext = createContext<PageExtras>({ isSimulated: false });

/** The layout of a story: title, introduction, panels, and its code. */
export function Page(props: {
  title: string;
  lede: ReactNode;
  children: ReactNode;
  /** What a site without a server says about itself; by default, that it is simulated. */
  simulated?: ReactNode;
  /** Stands below the code. */
  below?: ReactNode;
}) {
  const { simulated = <Simulated /> } = props;
  const { example, isSimulated, end } = useContext(PageContext);
  return (
    <div className="ui-page">
      <div className="ui-page-inner">
        <header className="ui-header">
          <p className="ui-mark">
            <Mark />
            react-lifeline
          </p>
          <h1>{props.title}</h1>
          <p className="ui-lede">{props.lede}</p>
          {isSimulated && simulated}
        </header>
        {props.children}
        {example && <CodePanel code={example.code} note={<Origin file={example.file} />} />}
        {props.below}
        {end}
      </div>
    </div>
  );
}

function Simulated() {
  return (
    <p className="ui-note">
      This site has no server: it is simulated inside this page, and two windows are not connected.
      For a real one, run <code>npm start</code> in a clone of the repository.
    </p>
  );
}

function Origin({ file }: { file: string }) {
  return (
    <>
      A whole app. A server for it: <code>npm run server</code> in a clone. This story:{' '}
      <code>stories/{file}</code>
    </>
  );
}

/** Code, and a button that copies it. */
export function CodePanel({ code, note }: { code: string; note: ReactNode }) {
  const [copied, setCopied] = useState<string>();
  const copy = () => void navigator.clipboard.writeText(code).then(() => setCopied(code));
  return (
    <Panel title="The code" note={note}>
      <div className="ui-lines">
        <CodeBlock label="Code" code={code} />
        <div className="ui-buttons">
          <Button onClick={copy}>Copy</Button>
          <output className="ui-note">{copied === code && 'Copied.'}</output>
        </div>
      </div>
    </Panel>
  );
}

/** Two columns, or one on a narrow screen. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className="ui-columns">{children}</div>;
}

/** Panels in one column. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className="ui-stack">{children}</div>;
}
