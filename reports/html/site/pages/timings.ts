/// <reference lib="dom" />
import { groupBy } from '../../../result/result.js';
import { machineText } from '../../../result/timing-names.js';
import { plural } from '../../../text/plain-text.js';
import type { BenchData, TimingData } from '../../site-data.js';
import type * as Charts from '../charts/index.js';
import type { LinePoint } from '../charts/line-panels.js';
import { loadCharts } from '../charts.js';
import { element } from '../dom.js';
import type { Page } from '../page.js';
import { showNumber } from '../show-number.js';
import { timingTable } from '../tables/timing-table.js';

export const timings: Page = {
  name: 'timings',
  title: 'Timings',
  listed: true,
  needsNoResults: true,
  async render(report) {
    const benches = await report.part('benches');
    const title = element('h2', {}, 'Timings');
    if (benches.every((bench) => bench.timings.length === 0))
      return [
        title,
        element(
          'p',
          { class: 'empty' },
          'Nothing was timed for this report. Run npx attention-cts bench, then npx attention-cts report with --bench bench.json.',
        ),
      ];
    const charts = await loadCharts();
    return [
      title,
      element(
        'p',
        {},
        'Times are medians over many calls, each with new values. Some answers were judged in between: a kernel that gave a wrong answer has no time. Ratios compare calls that alternated with calls of the baseline; the interval holds the median ratio with 95 % confidence. Rates count visible cells only.',
      ),
      ...unpublished(benches),
      ...benches.flatMap((bench) => benchSection(bench, charts)),
    ];
  },
};

function unpublished(benches: readonly BenchData[]): Node[] {
  const all = benches.flatMap(({ timings: of }) => of);
  const noisy = all.filter(({ spread }) => spread !== undefined).length;
  const timed = all.filter(({ latency }) => latency).length;
  if (noisy === 0) return [];
  return [
    element(
      'p',
      { class: 'deviates note' },
      `! ${noisy} of ${noisy + timed} times are not published: their spread, the median absolute deviation over the median, is more than 10 %. Ratios whose interval reaches more than 10 % to either side are not published either.`,
    ),
  ];
}

function benchSection(bench: BenchData, charts: typeof Charts): Node[] {
  const { file, baseline } = bench;
  const real = bench.timings.filter(({ software }) => !software);
  const soft = bench.timings.filter(({ software }) => software);
  return [
    element('h3', {}, file),
    element('p', { class: 'quiet' }, `${machineText(bench)}; ${baseline === null ? 'no baseline' : `baseline: ${baseline}`}`),
    ...settings(file, real, baseline, charts),
    ...scaling(real, charts),
    ...(soft.some(({ latency }) => latency)
      ? [
          element('h3', {}, 'Software devices'),
          element(
            'p',
            {},
            'Here a CPU does the work of a GPU: these times say nothing about GPUs. Do not rank them against times of real GPUs.',
          ),
          ...settings(`${file}, software devices`, soft, baseline, charts),
        ]
      : []),
    ...lists(bench.timings),
  ];
}

/** @param name separates these timings from timings of the same setting. */
function settings(name: string, timed: readonly TimingData[], baseline: string | null, charts: typeof Charts): Node[] {
  return [...groupBy(timed, ({ setting }) => setting)].flatMap(([setting, of]) => {
    const points = of.flatMap(pointOf);
    if (of.every(({ verdict }) => ['unsupported', 'unavailable', 'skipped'].includes(verdict))) return [];
    const ratios = baseline === null ? [] : charts.ratioChart(of, baseline);
    return [
      element('h4', {}, setting),
      ...fastest(of),
      ...ratios,
      element(
        'details',
        {},
        element('summary', {}, `All ${plural(of.length, 'timing')}`),
        ...(points.length > 0 ? [charts.linePanels('Median over length, ± MAD', points, { x: 'keys →', y: '↑ ms' })] : []),
        ...parameterPanels(of, charts),
        ...memoryPanels(of, charts),
        timingTable(`${name}: ${setting}`, of),
      ),
    ];
  });
}

/** Names the fastest at the greatest length of each mask, unless a time is unpublished. */
function fastest(timed: readonly TimingData[]): Node[] {
  const sentences = [
    ...groupBy(
      timed.filter(({ latency }) => latency),
      ({ mask }) => mask,
    ),
  ].flatMap(([mask, of]) => {
    const length = Math.max(...of.map((timing) => timing.length));
    if (timed.some((timing) => timing.spread !== undefined && timing.mask === mask && timing.length === length)) return [];
    const at = of.filter((timing) => timing.length === length);
    const best = at.reduce((a, b) => ((b.latency?.p50 ?? Infinity) < (a.latency?.p50 ?? Infinity) ? b : a));
    return [`${mask}, ${plural(length, 'key')}: ${best.candidate}, ${showNumber(best.latency?.p50)} ms`];
  });
  return sentences.length === 0 ? [] : [element('p', {}, `Fastest: ${sentences.join('; ')}.`)];
}

function pointOf({ candidate, mask, length, latency }: TimingData): LinePoint[] {
  if (!latency || latency.p50 <= 0) return [];
  const { p50, mad } = latency;
  return [{ series: candidate, panel: mask, x: length, y: p50, low: Math.max(p50 - mad, p50 / 10), high: p50 + mad }];
}

function parameterPanels(timed: readonly TimingData[], { linePanels }: typeof Charts): Node[] {
  const points = timed.flatMap((timing) =>
    (timing.swept ?? []).flatMap(({ name, value, of }) => pointOf(timing).map((point) => ({ ...point, name, panel: of, x: value }))),
  );
  return [...groupBy(points, ({ name }) => name)].flatMap(([name, of]) =>
    new Set(of.map(({ x }) => x)).size < 2
      ? []
      : [linePanels(`Median over ${name}, ± MAD`, of, { x: `${name} →`, y: '↑ ms', linear: true })],
  );
}

function memoryPanels(timed: readonly TimingData[], { linePanels }: typeof Charts): Node[] {
  const points = timed.flatMap(({ candidate, mask, length, peakBytes }): LinePoint[] =>
    peakBytes === undefined ? [] : [{ series: candidate, panel: mask, x: length, y: peakBytes / 1e6 }],
  );
  return points.length === 0 ? [] : [linePanels('Peak memory over length', points, { x: 'keys →', y: '↑ MB' })];
}

/** Draws times of schemes over ranks: the slowest rank, with a line to the fastest. */
function scaling(timed: readonly TimingData[], { linePanels }: typeof Charts): Node[] {
  const points = timed.flatMap(({ candidate, mask, length, world, ranks }) => {
    const each = ranks?.each ?? [];
    if (!world || !ranks || each.length === 0) return [];
    const { setting, ranks: x } = world;
    return [{ series: candidate, panel: `${mask}, ${plural(length, 'key')}`, x, y: ranks.slowest, low: Math.min(...each), setting }];
  });
  return [...groupBy(points, ({ setting }) => setting)].flatMap(([setting, of]) =>
    new Set(of.map(({ x }) => x)).size < 2
      ? []
      : [
          element('h4', {}, `Scaling: ${setting}`),
          linePanels('Time over number of ranks: from the slowest rank down to the fastest', of, { x: 'ranks →', y: '↑ ms' }),
        ],
  );
}

function lists(timed: readonly TimingData[]): Node[] {
  const problem = ({ mask, length, setting }: TimingData) => `${mask}, ${plural(length, 'key')}, ${setting}`;
  const missing = groupBy(
    timed.filter(({ latency, spread }) => !latency && spread === undefined),
    ({ candidate, verdict, reason = '' }) => `${candidate}: ${verdict === 'wrong' ? 'no time: wrong answer' : verdict}: ${reason}`,
  );
  const noted = timed.flatMap((one) => one.warnings.map((text) => `${one.candidate}: ${text} (${problem(one)})`));
  return [
    ...list(
      'Without a time',
      [...missing].map(
        ([text, of]) => `${text} (${of.length === 1 ? problem(of[0]) : `${of.length} problems, the first ${problem(of[0])}`})`,
      ),
    ),
    ...list('Warnings', noted),
  ];
}

function list(title: string, items: readonly string[]): Node[] {
  if (items.length === 0) return [];
  return [
    element(
      'details',
      {},
      element('summary', {}, `${title}: ${items.length}`),
      element('ul', { class: 'lines' }, ...items.map((text) => element('li', {}, text))),
    ),
  ];
}
