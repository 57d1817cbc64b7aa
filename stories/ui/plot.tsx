import { useEffect, useId, useRef } from 'react';
import uPlot, { type AlignedData } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useReducedMotion } from './use-reduced-motion.ts';

/** One line of a plot. */
export interface PlotSeries {
  readonly label: string;
  readonly colour: 'accent' | 'good' | 'warn';
  /** Whether single points are marked, for lines with few points. */
  readonly points?: boolean;
}

/** A vertical line with a label. */
export interface PlotMark {
  /** Epoch seconds. */
  readonly at: number;
  readonly label: string;
  /** The side of the line on which the label is. */
  readonly side: 'left' | 'right';
}

/** Milliseconds between two draws, usually and with reduced motion. */
const PACE = { usual: 100, reduced: 1_000 };
const HEIGHT = 240;
const FONT = '12px ui-sans-serif, system-ui, sans-serif';

const clock = new Intl.DateTimeFormat('en-GB', { minute: '2-digit', second: '2-digit' });

/**
 * A plot of the last seconds of some numbers. It reads them with a timer, so new numbers cause no render. Its props must keep
 * their identity between renders.
 */
export function Plot(props: {
  label: string;
  series: readonly PlotSeries[];
  /** Epoch seconds, then the values of each series. */
  read: () => AlignedData;
  marks?: () => readonly PlotMark[];
  /** The number of seconds shown. */
  span: number;
  unit: string;
}) {
  const { label, series, read, marks, span, unit } = props;
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const pace = useReducedMotion() ? PACE.reduced : PACE.usual;

  useEffect(() => {
    const place = root.current;
    if (!place) return;
    const styles = getComputedStyle(place);
    // Read for every draw, since the theme may change.
    const colour = (name: string) => () => styles.getPropertyValue(`--${name}`);
    const size = () => ({ width: place.clientWidth, height: HEIGHT });

    const axis = {
      stroke: colour('muted'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { show: false },
      font: FONT,
    };
    const plot = new uPlot(
      {
        ...size(),
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [Date.now() / 1000 - span, Date.now() / 1000] },
          // Starts at zero if no value is negative, so that growth looks like growth.
          y: {
            range: (_, min, max) => uPlot.rangeNum(Math.min(0, min ?? 0), max ?? 1, 0.15, true),
          },
        },
        axes: [
          {
            ...axis,
            // The first of them does not touch the lowest one of the other axis.
            gap: 10,
            size: 33,
            space: 70,
            incrs: [1, 5, 10, 15, 30],
            values: (_, at) => at.map((s) => clock.format(s * 1000)),
          },
          { ...axis, size: 58, space: 44, values: (_, at) => at.map((n) => `${n}${unit}`) },
        ],
        series: [
          {},
          ...series.map((line) => ({
            label: line.label,
            stroke: colour(line.colour),
            width: 2,
            points: { show: line.points ?? false, size: 7, fill: colour(line.colour) },
          })),
        ],
        hooks: { draw: [(u) => drawMarks(u, marks?.() ?? [], colour('bad')())] },
      },
      read(),
      place,
    );
    const timer = setInterval(() => plot.setData(read()), pace);
    const sizes = new ResizeObserver(() => plot.setSize(size()));
    sizes.observe(place);
    return () => {
      clearInterval(timer);
      sizes.disconnect();
      plot.destroy();
    };
  }, [series, read, marks, span, unit, pace]);

  return (
    <figure className="ui-plot" aria-labelledby={id}>
      <figcaption className="ui-plot-head">
        <span id={id}>{label}</span>
        {series.length > 1 && (
          <ul className="ui-legend">
            {series.map((line) => (
              <li key={line.label} data-colour={line.colour}>
                {line.label}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <div ref={root} aria-hidden="true" />
    </figure>
  );
}

function drawMarks(plot: uPlot, marks: readonly PlotMark[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.font = FONT.replace('12px', `${12 * devicePixelRatio}px`);
  for (const { at, label, side } of marks) {
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = ` ${label} `;
    const hasRoom = x + ctx.measureText(text).width <= bbox.left + bbox.width;
    // At the end of the plot it is one line lower, where it covers no label of another mark.
    const line = side === 'left' || hasRoom ? 1 : 2;
    ctx.textAlign = side === 'left' || !hasRoom ? 'right' : 'left';
    ctx.fillText(text, x, bbox.top + line * 13 * devicePixelRatio);
  }
  ctx.restore();
}
