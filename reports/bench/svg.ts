import { groupBy } from '../result/result.js';
import { candidateOf, machineText, settingOf, softwareAdapters, timedMask } from '../result/timing-names.js';
import { type TimedProblem, timingsSvg } from '../svg/timings.js';
import { plainLine } from '../text/plain-text.js';
import type { BenchReport, BenchSource } from './reporter.js';
import { softwareNote } from './tables.js';

/** Picture of the times over the length: a panel per mask and setting. */
export const benchSvg: BenchReport = (sources, title) => {
  const named = sources.length > 1;
  const machines = sources.map(({ file, bench }) => `${named ? `${file}: ` : ''}${machineText(bench)}`);
  const isSoft = sources.some(({ bench }) => softwareAdapters(bench).size > 0);
  const problems = sources.flatMap((source) => problemsOf(source, named ? `${source.file}: ` : ''));
  const lines = [
    ...machines,
    problems.length > 0 ? 'medians, with their median absolute deviation' : 'no problem has a time',
    ...(isSoft ? [softwareNote] : []),
  ];
  return timingsSvg(plainLine(title), lines.map(plainLine), problems);
};

function problemsOf({ bench }: BenchSource, prefix: string): TimedProblem[] {
  const software = softwareAdapters(bench);
  const timed = bench.timings.filter(({ latency }) => latency !== undefined && latency.p50 > 0);
  return [...groupBy(timed, (t) => `${prefix}${timedMask(t)}, ${settingOf(t)}`)].map(([problem, timings]) => ({
    title: plainLine(problem),
    points: timings.flatMap((t) =>
      t.latency
        ? [
            {
              candidate: plainLine(`${candidateOf(t)}${software.has(t.adapter) ? ' *' : ''}`),
              tokens: t.case.dims.n,
              p50: t.latency.p50,
              mad: t.latency.mad,
            },
          ]
        : [],
    ),
  }));
}
