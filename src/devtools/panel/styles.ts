import { NARROW } from './use-is-narrow.ts';

/** The styles of the panel. They apply in its shadow root only. */
export const STYLES: string = `
/* Rules of the page that fit every element would win otherwise. */
:host { all: initial !important; color-scheme: light dark !important; }
.panel, .open-button {
  --surface: #ffffff;
  --sunken: #f3f5f8;
  --line: #d5dae3;
  --line-strong: #7d879a;
  --ink: #151a24;
  --muted: #566074;
  --accent: #4b45d6;
  --on-accent: #ffffff;
  --good: #0a7048;
  --warn: #8a5200;
  --bad: #b1281f;
  --bad-soft: #fdecea;
  --calm: #4b566a;
}
@media (prefers-color-scheme: dark) {
  .panel, .open-button {
    --surface: #131923;
    --sunken: #0b0f16;
    --line: #2d384a;
    --line-strong: #6c7a93;
    --ink: #e9edf5;
    --muted: #9ba7bb;
    --accent: #a9adff;
    --on-accent: #14163a;
    --good: #5bd8a2;
    --warn: #f3ba66;
    --bad: #ff9b92;
    --bad-soft: #351b1b;
    --calm: #a9b4c6;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; font: inherit; }
.panel, .open-button {
  position: fixed;
  z-index: 2147483000;
  color: var(--ink);
  font: 400 13px/1.5 ui-sans-serif, system-ui, sans-serif;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }

.open-button {
  display: grid;
  place-items: center;
  width: 44px;
  height: 44px;
  border: 2px solid var(--surface);
  border-radius: 50%;
  background: var(--accent);
  color: var(--on-accent);
  cursor: pointer;
}
.open-button[data-position^='top'] { top: 12px; }
.open-button[data-position^='bottom'] { bottom: 12px; }
.open-button[data-position$='left'] { left: 12px; }
.open-button[data-position$='right'] { right: 12px; }

.panel {
  right: 0;
  bottom: 0;
  left: 0;
  display: flex;
  flex-direction: column;
  min-height: 160px;
  border-top: 1px solid var(--line-strong);
  background: var(--surface);
}
.resize-handle { position: absolute; top: -4px; right: 0; left: 0; height: 8px; cursor: ns-resize; touch-action: none; }
.panel-head { display: flex; justify-content: space-between; align-items: center; padding: 4px 8px 4px 12px; border-bottom: 1px solid var(--line); }
h2 { display: flex; align-items: center; gap: 8px; color: var(--accent); font-weight: 600; }
h3 { margin-top: 8px; color: var(--muted); font-weight: 600; }
.panel-body { display: flex; flex: 1; min-height: 0; }
.empty { padding: 16px 12px; color: var(--muted); }
.note { color: var(--muted); }
.bad, [data-bad='true'] { color: var(--bad); }
strong { font-weight: 600; }
/* No gap for a text that is not there yet. */
output.note:empty { margin-inline-start: -6px; }
code, pre, .list { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12px; }
time, .size { font-variant-numeric: tabular-nums; }

button, input, select {
  min-height: 28px;
  padding: 2px 8px;
  border: 1px solid var(--line-strong);
  border-radius: 6px;
  background: var(--surface);
  color: inherit;
}
button { cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--accent); color: var(--accent); }
button:disabled { border-style: dashed; color: var(--muted); cursor: not-allowed; }
button[aria-pressed='true'] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
input[type='number'] { width: 6em; }
input[type='search'] { flex: 1 1 8em; min-width: 0; }
.icon-button { min-width: 28px; border-color: transparent; font-size: 18px; line-height: 1; }
.buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.tools { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 12px; padding: 6px 12px; }

.status { display: inline-flex; align-items: center; gap: 6px; color: var(--tone); font-weight: 600; }
.dot { width: 8px; height: 8px; border-radius: 50%; background: var(--tone); }
[data-status], [data-was] { --tone: var(--calm); }
[data-status='open'], [data-was='open'] { --tone: var(--good); }
[data-status='connecting'], [data-status='reconnecting'], [data-was='connecting'], [data-was='reconnecting'] { --tone: var(--warn); }

.connections { flex: none; width: 220px; overflow: auto; border-right: 1px solid var(--line); }
ul { list-style: none; }
.connections button { display: grid; width: 100%; padding: 8px 12px; border: 0; border-radius: 0; text-align: start; }
.connections [aria-current='true'] { background: var(--sunken); box-shadow: inset 3px 0 var(--accent); }
.connection-name { overflow: hidden; color: var(--ink); text-overflow: ellipsis; }

.connection { display: flex; flex: 1; flex-direction: column; min-width: 0; overflow: auto; }
.overview { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; padding: 6px 12px; }
.time-line { flex: 1 1 280px; min-width: 0; }
.state { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; min-height: 30px; }
.strip { position: relative; height: 20px; }
.periods { position: absolute; inset: 5px 0; overflow: hidden; border-radius: 5px; background: var(--sunken); }
.periods span { position: absolute; top: 0; bottom: 0; min-width: 2px; background: var(--tone); }
[data-was='closed'], [data-was='idle'] { opacity: 0.45; }
.strip input {
  position: absolute;
  inset: 0;
  width: 100%;
  min-height: 0;
  padding: 0;
  border: 0;
  background: transparent;
  cursor: ew-resize;
  appearance: none;
}
.strip input::-webkit-slider-thumb { width: 8px; height: 20px; border: 2px solid var(--surface); border-radius: 4px; background: var(--ink); appearance: none; }
.strip input::-moz-range-thumb { width: 6px; height: 16px; border: 2px solid var(--surface); border-radius: 4px; background: var(--ink); }
.round-trips { display: flex; align-items: center; gap: 10px; }
.round-trips figcaption { display: grid; line-height: 1.3; }
.round-trips rect { fill: var(--accent); }

.active-faults { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; padding: 4px 12px; background: var(--bad-soft); color: var(--bad); }
.active-faults[data-empty='true'] { padding: 0; }
.remarks { flex: none; padding: 4px 12px; background: var(--bad-soft); overflow-wrap: anywhere; }
.remarks strong { color: var(--bad); }

.tabs { display: flex; flex: 1; flex-direction: column; min-height: 180px; }
.tab-list { display: flex; flex: none; overflow-x: auto; padding: 0 8px; border-bottom: 1px solid var(--line); }
[role='tab'] { flex: none; border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: none; }
[role='tab'][aria-selected='true'] { border-color: var(--accent); color: var(--accent); font-weight: 600; }

.badge { display: inline-block; margin-inline-start: 4px; padding: 0 6px; border-radius: 9px; background: var(--bad); color: var(--surface); font-size: 12px; font-weight: 600; line-height: 18px; }
.tab-list :focus-visible, .list:focus-visible, .scroller:focus-visible, pre:focus-visible { outline-offset: -2px; }
.tab-content { display: flex; flex: 1; flex-direction: column; min-height: 0; }
.frames { display: flex; flex: 1; flex-direction: column; min-height: 0; }

.list-and-details { display: flex; flex: 1; min-height: 0; border-top: 1px solid var(--line); }
.list { flex: 1; min-width: 0; overflow: auto; overflow-anchor: none; contain: strict; }
.list > div { position: relative; }
.row { contain: strict; position: absolute; right: 0; left: 0; overflow: hidden; padding: 0 12px; line-height: 24px; cursor: pointer; }
.row:hover { background: var(--sunken); }
.row[aria-selected='true'] { background: var(--accent); color: var(--on-accent); }
.row[aria-selected='true'] * { color: inherit !important; }
.frame-row, .message-row { display: grid; gap: 10px; white-space: nowrap; }
.frame-row { grid-template-columns: 94px 28px 76px 64px minmax(0, 1fr); }
.message-row { grid-template-columns: 94px 130px minmax(0, 1fr); }
.frame-row time, .message-row time, .kind, .size { color: var(--muted); }
.size { text-align: end; }
.way { color: var(--good); }
[data-way='out'] .way { color: var(--accent); }
.event { font-style: italic; }
.event[data-kind='fault'] .value { color: var(--warn); }
.value, .message-row strong { overflow: hidden; text-overflow: ellipsis; }
.scroller.details { flex: none; width: 40%; padding-top: 0; border-left: 1px solid var(--line); }
.details .tools { padding: 6px 0; }
pre { overflow: auto; padding: 8px; border-radius: 6px; background: var(--sunken); white-space: pre-wrap; overflow-wrap: anywhere; }

.scroller { flex: 1; overflow: auto; padding: 4px 12px 12px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { overflow-wrap: normal; color: var(--muted); font-weight: 600; }
tbody th { min-width: 6em; }
td strong { display: block; overflow-wrap: normal; }
.why-none { padding: 4px 0 8px; }
.why-none strong { color: var(--bad); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 4px 20px; align-content: start; overflow-wrap: anywhere; }
.faults { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 12px 20px; overflow: auto; padding: 12px; }
.faults li { display: grid; gap: 4px; align-content: start; }

@media ${NARROW} {
  .panel-body { flex-direction: column; }
  .connections { width: auto; max-height: 96px; border-right: 0; border-bottom: 1px solid var(--line); }
  .connections button { display: flex; justify-content: space-between; gap: 12px; padding: 4px 12px; }
  .tabs { min-height: 340px; }
  /* Badges would push the last tab out of the screen. */
  .tab-list { flex-wrap: wrap; }
  /* The filters fit beside it. */
  input[type='search'] { flex-basis: 5em; }
  [role='tab'] { padding: 2px 6px; }
  tbody th { min-width: 0; }
  .list-and-details { flex-direction: column; }
  .scroller.details { width: auto; height: 55%; border-top: 1px solid var(--line); border-left: 0; }
  /* Two lines: the value has the second one for itself. */
  .row { padding: 1px 12px 2px; border-bottom: 1px solid var(--line); line-height: 20px; }
  .frame-row, .message-row { gap: 0 8px; }
  .frame-row { grid-template-columns: auto auto minmax(0, 1fr) auto; }
  .message-row { grid-template-columns: auto minmax(0, 1fr); }
  .value { grid-column: 1 / -1; }
}
@media (forced-colors: active) {
  .periods span, .dot { forced-color-adjust: none; }
  .row[aria-selected='true'], button[aria-pressed='true'] { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  [role='tab'][aria-selected='true'] { border-color: Highlight; }
}
`;
