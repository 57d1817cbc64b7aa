import type { ReactNode } from 'react';

/** The layout of a story: title, introduction and panels. */
export function Page(props: { title: string; lede: ReactNode; children: ReactNode }) {
  return (
    <div className="ui-page">
      <div className="ui-page-inner">
        <header className="ui-header">
          <p className="ui-mark">
            <svg width="26" height="16" viewBox="0 0 26 16" fill="none" aria-hidden="true">
              <path
                d="M1 9h6l2.5-7 4 12 3-8 1.5 3h7"
                stroke="currentColor"
                strokeWidth="2"
                strokeLinecap="round"
                strokeLinejoin="round"
              />
            </svg>
            react-lifeline
          </p>
          <h1>{props.title}</h1>
          <p className="ui-lede">{props.lede}</p>
        </header>
        {props.children}
      </div>
    </div>
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
