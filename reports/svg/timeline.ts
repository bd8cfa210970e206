import * as Plot from '@observablehq/plot';
import { element, newDocument, style, svgPage } from './page.js';

interface TimelineInterval {
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'forward' | 'backward' | 'wait' | 'send';
}

export interface Timeline {
  readonly title: string;
  readonly lines: readonly string[];
  readonly ranks: number;
  readonly seconds: number;
  readonly intervals: readonly TimelineInterval[];
  /** Marked times across all ranks, in seconds. */
  readonly marks?: readonly { readonly at: number; readonly text: string }[];
}

const width = 960;
const mostRows = 64;
const colors = { forward: '#2563eb', backward: '#1e3a8a', wait: '#b45309', send: '#111' };

/** Draws a row for each rank; waiting is hatched, sending is a thin line below the bar. */
export function timelineSvg({ title, lines, ranks, seconds, intervals, marks = [] }: Timeline): string {
  const document = newDocument();
  const shown = shownRanks(ranks);
  const rows = new Set(shown);
  const unit = seconds < 1e-3 ? { name: 'µs', scale: 1e6 } : seconds < 1 ? { name: 'ms', scale: 1e3 } : { name: 's', scale: 1 };
  const of = (kind: TimelineInterval['kind']) =>
    joined(intervals.filter((interval) => interval.kind === kind && rows.has(interval.rank))).map(({ rank, from, to }) => ({
      rank: String(rank),
      from: from * unit.scale,
      to: to * unit.scale,
    }));
  const bar = { x1: 'from', x2: 'to', y: 'rank' };
  const height = 20 * shown.length + 70;
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    marginLeft: 56,
    marginTop: 24,
    marginBottom: 42,
    x: { label: `time, ${unit.name}`, labelAnchor: 'center', labelArrow: 'none', domain: [0, seconds * unit.scale], grid: true },
    y: { label: 'rank', labelArrow: 'none', type: 'band', domain: shown.map(String), padding: 0.15 },
    marks: [
      ...(['forward', 'backward'] as const).map((pass) =>
        Plot.barX(of(pass), { ...bar, fill: colors[pass], stroke: style.background, strokeWidth: 0.5, insetBottom: 3 }),
      ),
      Plot.barX(of('wait'), { ...bar, fill: 'url(#wait)', stroke: colors.wait, strokeWidth: 0.5, insetBottom: 3 }),
      Plot.link(of('send'), { x1: 'from', x2: 'to', y1: 'rank', y2: 'rank', dy: 7.5, stroke: colors.send, strokeWidth: 2 }),
      Plot.ruleX(marks, { x: (mark: { at: number }) => mark.at * unit.scale, stroke: style.color, strokeDasharray: '4,3' }),
      Plot.text(marks, {
        x: (mark: { at: number }) => mark.at * unit.scale,
        text: 'text',
        frameAnchor: 'top',
        dy: -14,
        textAnchor: 'end',
        dx: -4,
      }),
    ],
  });
  svg.prepend(hatching(document));
  const panels = [
    {
      svg: legend(
        document,
        intervals.some(({ kind }) => kind === 'backward'),
      ),
      height: 26,
    },
    { svg, height },
  ];
  const said = shown.length < ranks ? [...lines, `${shown.length} of the ${ranks} ranks are shown, evenly spaced`] : lines;
  return svgPage(document, title, said, panels, width);
}

/** Returns the ranks to draw: all, or evenly spaced ranks with the first and the last. */
function shownRanks(ranks: number): number[] {
  const count = Math.min(ranks, mostRows);
  return Array.from({ length: count }, (_, x) => (count === 1 ? 0 : Math.round((x * (ranks - 1)) / (count - 1))));
}

function joined(intervals: readonly TimelineInterval[]): TimelineInterval[] {
  const result: TimelineInterval[] = [];
  for (const interval of [...intervals].sort((x, y) => x.rank - y.rank || x.from - y.from)) {
    const last = result[result.length - 1];
    if (last && last.rank === interval.rank && interval.from <= last.to && interval.kind === 'wait')
      result[result.length - 1] = { ...last, to: Math.max(last.to, interval.to) };
    else result.push(interval);
  }
  return result;
}

function hatching(document: Document): Element {
  const pattern = element(document, 'pattern', { id: 'wait', width: 6, height: 6, patternUnits: 'userSpaceOnUse' });
  pattern.append(element(document, 'rect', { width: 6, height: 6, fill: '#fef3c7' }));
  pattern.append(element(document, 'path', { d: 'M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2', stroke: colors.wait, 'stroke-width': 1.2 }));
  const defs = element(document, 'defs', {});
  defs.append(pattern);
  return defs;
}

function legend(document: Document, backward: boolean): Element {
  const svg = element(document, 'svg', { width, height: 26, 'font-size': 12 });
  const entry = (x: number, mark: Element, text: string) => {
    svg.append(mark, element(document, 'text', { x: x + 26, y: 16 }, text));
  };
  const box = (x: number, fill: string, stroke: string) => element(document, 'rect', { x, y: 5, width: 20, height: 13, fill, stroke });
  entry(56, box(56, colors.forward, colors.forward), backward ? 'computes, forward' : 'computes');
  if (backward) entry(206, box(206, colors.backward, colors.backward), 'computes, backward');
  entry(366, box(366, 'url(#wait)', colors.wait), 'waits for a message');
  entry(526, element(document, 'path', { d: 'M526,12 h20', stroke: colors.send, 'stroke-width': 2 }), 'sends');
  return svg;
}
