import { shortNumber } from '../../spec/lib/short-number.js';
import { ratioText } from '../../spec/numeric/over-bound.js';
import type { FailJudgement, Judgement, StatisticsSink } from '../contract/property.js';
import { worse } from './compare.js';
import type { Comparison, Mismatch } from './compared.js';
import { toJsonNumber, toText } from './json-number.js';

const UNDECIDED_SHARE = 0.1;
/** Largest share in one output: another may have many more elements. */
const UNDECIDED_OUTPUT = 0.5;

/** Judges a call by its comparisons. `explain` adds a diagnosis to a failure. */
export function conclude(
  comparisons: readonly Comparison[],
  statistics: StatisticsSink,
  call: number,
  explain: () => Pick<FailJudgement, 'hint' | 'diagnosis'>,
): Judgement {
  for (const c of comparisons) addComparison(statistics, c);
  const worst = comparisons.reduce<Mismatch | undefined>((found, c) => worse(found, c.worst), undefined);
  if (worst) return { ...failureOf(worst, call), ...explain() };
  return undecidedOf(comparisons) ?? { status: 'pass' };
}

/** Adds a comparison's statistics, with the reasons for undecided elements. */
export function addComparison(into: StatisticsSink, { output, statistics, because }: Comparison): void {
  into.add(output, statistics.undecided > 0 && because ? { ...statistics, because: [...because()] } : statistics);
}

/** Returns `undecided` if too many elements have no finite bound, else undefined. */
export function undecidedOf(comparisons: readonly Comparison[]): Judgement | undefined {
  const vague = comparisons.find(({ statistics: s }) => s.undecided > UNDECIDED_OUTPUT * (s.elements + s.undecided));
  if (vague) {
    const { output, statistics: s } = vague;
    return { status: 'undecided', reason: `${s.undecided} of ${s.elements + s.undecided} elements of ${output} have no finite bound` };
  }
  const undecided = comparisons.reduce((sum, c) => sum + c.statistics.undecided, 0);
  const all = comparisons.reduce((sum, c) => sum + c.statistics.elements, undecided);
  if (!(undecided > UNDECIDED_SHARE * all)) return undefined;
  return { status: 'undecided', reason: `${undecided} of ${all} elements have no finite bound` };
}

export function failureOf(m: Mismatch, call: number): FailJudgement {
  return {
    status: 'fail',
    class: m.class,
    output: m.output,
    index: m.index,
    expected: toJsonNumber(m.expected),
    actual: toJsonNumber(m.actual),
    bound: toJsonNumber(m.bound),
    message: describe(m),
    call,
  };
}

function describe(m: Mismatch): string {
  const where = `${m.output}[${m.index.join(', ')}]`;
  const [actual, expected] = [m.actual, m.expected].map(toText);
  if (m.class === 'empty-row') return `${where} is ${actual}, expected ${expected}: this row sees no key`;
  return `${where} is ${actual}, expected ${expected}${boundText(m)}`;
}

/** Text like " within 2.5e-6: off by 1.8 times the bound"; empty if the ratio is not finite. */
export function boundText({ bound, ratio }: Mismatch): string {
  return Number.isFinite(ratio) ? ` within ${shortNumber(bound)}: off by ${ratioText(ratio)} times the bound` : '';
}
