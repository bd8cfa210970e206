/// <reference lib="dom" />
import { element } from './dom.js';
import type { Report } from './report.js';
import { tallyOf } from './tables/tally-cell.js';
import type { Tally } from './verdicts.js';

/** Returns the checks of a profile; all checks without a name. */
export function checksOf(report: Report, profile = ''): number[] {
  const asked = report.index.profiles.find((p) => p.name === profile)?.checks;
  return report.names.flatMap((_, check) => (asked === undefined || asked[check] === '1' ? [check] : []));
}

export function scoreOf(report: Report, implementation: number, checks: readonly number[]): Tally {
  return tallyOf(report, implementation, checks);
}

/** Returns the passing share of the judged checks; undefined if no check was judged. */
export function shareOf({ pass, fail }: Tally): number | undefined {
  return pass + fail === 0 ? undefined : pass / (pass + fail);
}

/** Shows a score in words, and as a bar of passed, failed and unsupported checks. */
export function scoreBar(tally: Tally): HTMLElement {
  const { pass, fail, expected, unsupported, unjudged } = tally;
  const share = shareOf(tally);
  if (share === undefined) return element('span', { class: 'score quiet' }, unjudged > 0 ? '? not judged' : '– nothing claimed');
  const sign = fail === 0 ? '✓' : fail === expected ? '(✗)' : '✗';
  const rest = [...(unsupported > 0 ? [`${unsupported} unsupported`] : []), ...(unjudged > 0 ? [`? ${unjudged} not judged`] : [])].join(
    ' · ',
  );
  const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
  for (const [name, size] of [
    ['pass', pass],
    ['fail', fail],
    ['unjudged', unjudged],
    ['unsupported', unsupported],
  ] as const) {
    if (size === 0) continue;
    const part = element('span', { class: `bar-${name}` });
    part.style.flexGrow = String(size);
    bar.append(part);
  }
  return element(
    'span',
    { class: 'score' },
    element('span', { class: 'score-text', 'data-tone': fail === 0 ? 'pass' : 'fail' }, `${sign} ${percent(share)}`),
    ` ${pass} of ${pass + fail}`,
    bar,
    ...(rest === '' ? [] : [element('span', { class: 'quiet' }, rest)]),
  );
}

function percent(share: number): string {
  return share === 1 ? '100 %' : `${Math.min(99.9, Math.round(share * 1000) / 10).toFixed(1)} %`;
}
