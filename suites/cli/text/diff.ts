import type { CheckChange, Standing } from '../../../reports/diff/checks.js';
import type { ResultDiff } from '../../../reports/diff/diff.js';
import { isRegression } from '../../../reports/diff/gate.js';
import type { BenchDiff, TimingChange } from '../../../reports/diff/timings.js';
import { groupBy } from '../../../reports/result/result.js';
import { plainLine, printable } from '../../../reports/text/plain-text.js';
import { shortNumber } from '../../../spec/lib/short-number.js';
import { ratioText } from '../../../spec/numeric/over-bound.js';

const most = 50;

/** Describes a comparison for a terminal, reasons for a closed gate first. */
export function describeDiff(found: ResultDiff, foundInBenches?: BenchDiff): string {
  const [diff, benches] = [printable(found), printable(foundInBenches)];
  const sections = [
    section('Judged by other rules', otherRules(diff)),
    section('Regressions', byChange(diff.regressions)),
    section('Failing in a new way', byChange(diff.newClasses)),
    section(
      'Another dialect',
      diff.dialects.map((d) => `${d.adapter}: ${d.axis} ${d.old} → ${d.now}`),
    ),
    section(
      'Another numeric profile',
      diff.numerics.map((n) => `${n.adapter}, ${n.dtype}: ${n.key} ${n.old} → ${n.now}${n.looser ? ', looser' : ''}`),
    ),
    section('Fixed', byChange(diff.fixes)),
    section('Otherwise not judged', byChange(diff.others)),
    section('New checks', byChange(diff.added)),
    section('Removed checks that had not passed', byChange(diff.gone)),
    section('Adapters', [...diff.adapters.added.map((id) => `new: ${id}`), ...diff.adapters.gone.map((id) => `gone: ${id}`)]),
    section(
      'Profiles',
      diff.tallies.map((t) => `${t.adapter}, ${t.profile}: ${t.old} → ${t.now}`),
    ),
    section(
      'Accuracy, largest error ÷ bound',
      diff.accuracy.map((a) => `${a.adapter}::${a.id} ${a.output} ${ratioText(a.old)} → ${ratioText(a.now)}`),
    ),
    ...(benches ? timingSections(benches) : []),
  ].filter((text) => text !== '');
  if (sections.length === 0) return 'Nothing differs.\n';
  return `${sections.join('\n')}\n${isRegression(diff) ? 'Worse than before.' : 'No regression.'}\n`;
}

function timingSections({ timings, timed, otherMachine }: BenchDiff): string[] {
  const line = (c: TimingChange) => {
    const [old, now] = [c.old, c.now].map((value) => shortNumber(value));
    const percent = `${c.now > c.old ? '+' : '−'}${Math.round(Math.abs(c.now / c.old - 1) * 100)} %`;
    return `${c.candidate}: ${c.by === 'ratio' ? `×${old} → ×${now}` : `${old} → ${now} ms`} (${percent}; ${c.problem})`;
  };
  return [
    section('Slower', timings.filter((c) => c.now > c.old).map(line)),
    section('Faster', timings.filter((c) => c.now < c.old).map(line)),
    section(
      'Otherwise timed',
      timed.map((c) => `${c.candidate}: ${c.old} → ${c.now} (${c.problem})`),
    ),
    section('Timings', otherMachine ? ['from different machines: only ratios are compared'] : []),
  ];
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more (--json has them all)`] : lines;
  return `${title} (${lines.length})\n${shown.map((line) => `  ${plainLine(line)}\n`).join('')}`;
}

function byChange(changes: readonly CheckChange[]): string[] {
  const groups = groupBy(changes, (c) => `${c.adapter} ${describeStanding(c.old)} → ${describeStanding(c.now)}`);
  return [...groups].flatMap(([what, group]) =>
    group.length > few
      ? [`${what}: ${group.length} checks, the first ${group[0].id}`]
      : group.map((c) => `${c.adapter}::${c.id} ${describeStanding(c.old)} → ${describeStanding(c.now)}`),
  );
}

const few = 12;

function describeStanding(standing: Standing | undefined): string {
  if (!standing) return 'absent';
  const { verdict, class: failureClass, reason } = standing;
  const why = verdict === 'unavailable' || verdict === 'not-run' ? reason : undefined;
  return `${verdict}${failureClass === undefined ? '' : ` ${failureClass}`}${why === undefined ? '' : ` (${why})`}`;
}

function otherRules({ specs, drawn }: ResultDiff): string[] {
  const { runs, seed } = drawn;
  return [
    ...specs.map(
      ({ document, old, now, major }) => `${document} ${old ?? 'absent'} → ${now ?? 'absent'}${major ? ', a change of meaning' : ''}`,
    ),
    ...(runs ? [`${runs[0]} → ${runs[1]} cases a check`] : []),
    ...(seed ? [`seed ${seed[0]} → ${seed[1]}`] : []),
  ];
}
