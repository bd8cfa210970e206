import * as Plot from '@observablehq/plot';
import { countText } from '../../spec/lib/units.js';
import { legend, namedScales } from './legend.js';
import { newDocument, type Panel, style, svgPage } from './page.js';

/** Median time of a candidate, with its spread. */
interface TimedPoint {
  readonly candidate: string;
  readonly tokens: number;
  /** Milliseconds, above 0. */
  readonly p50: number;
  /** Median absolute deviation in milliseconds. */
  readonly mad: number;
}

/** Times of one problem over its lengths. */
export interface TimedProblem {
  readonly title: string;
  readonly points: readonly TimedPoint[];
}

const width = 960;
const height = 280;
/** Fraction of the median that a bar of the spread leaves at least: a logarithmic axis has no 0. */
const least = 0.01;

/** Draws the times of each problem over the length, below each other, on logarithmic axes. */
export function timingsSvg(title: string, lines: readonly string[], problems: readonly TimedProblem[]): string {
  const document = newDocument();
  const candidates = [...new Set(problems.flatMap(({ points }) => points.map(({ candidate }) => candidate)))];
  const longest = Math.max(0, ...candidates.map(({ length }) => length));
  const names = legend(document, candidates, width, Math.min(width, Math.max(160, longest * 8 + 24)));
  return svgPage(document, title, lines, [names, ...problems.map((problem) => panel(document, problem, candidates))], width);
}

function panel(document: Document, { title, points }: TimedProblem, candidates: readonly string[]): Panel {
  const tokens = [...new Set(points.map((point) => point.tokens))].sort((a, b) => a - b);
  const place = { x: 'tokens', y: 'p50' };
  const bars = points.map(({ p50, mad, ...rest }) => ({ ...rest, low: Math.max(p50 - mad, least * p50), high: p50 + mad }));
  const svg = Plot.plot({
    document,
    width,
    height,
    style,
    marginLeft: 64,
    marginTop: 44,
    marginBottom: 44,
    marginRight: 16,
    x: { type: 'point', domain: tokens, label: 'tokens', labelAnchor: 'center', labelArrow: 'none', tickFormat: countText },
    y: { type: 'log', label: null, grid: true, inset: 8, ticks: ticksOf(bars), tickFormat: (x: number) => `${x} ms` },
    ...namedScales(candidates),
    marks: [
      Plot.lineY(points, { ...place, z: 'candidate', stroke: 'candidate', strokeWidth: 1.5 }),
      Plot.ruleX(bars, { x: 'tokens', y1: 'low', y2: 'high', stroke: 'candidate' }),
      Plot.dot(points, { ...place, symbol: 'candidate', stroke: 'candidate', strokeWidth: 2, fill: 'none', r: 5 }),
      Plot.text([title], { frameAnchor: 'top-left', dx: -56, dy: -24, fontWeight: 600, fontSize: 13 }),
    ],
  });
  return { svg, height };
}

/** Picks the numbers 1, 2 and 5 of each power of ten in the range; powers alone in a wide range. */
function ticksOf(bars: readonly { readonly low: number; readonly high: number }[]): number[] {
  const [low, high] = [Math.min(...bars.map((bar) => bar.low)), Math.max(...bars.map((bar) => bar.high))];
  const powers = Array.from({ length: Math.ceil(Math.log10(high / low)) + 2 }, (_, x) => Math.floor(Math.log10(low)) + x);
  const steps = powers.length > 5 ? [1] : [1, 2, 5];
  const all = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
  return all.filter((x) => x >= low && x <= high);
}
