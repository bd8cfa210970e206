import { correctProfiles, worseProfiles } from './profile.js';
import { Threads } from './spread.js';
import type { Tally } from './tally.js';

/** Cases in which a kernel worse than its profile must be found. */
const worseCases = 20_000;

export interface ProfileRow {
  readonly profile: string;
  readonly tally: Tally;
  readonly seconds: number;
}

/**
 * Judges kernels that round exactly as their numeric profile says, forward and backward, by the oracle's bounds: every violation is a false
 * alarm of ours. Kernels a little worse than what they declare must be found.
 * @returns what was counted, and what is wrong, in words.
 */
export async function profiles(cases: number, seed = 0): Promise<{ rows: ProfileRow[]; wrong: string[] }> {
  const threads = new Threads();
  const rows: ProfileRow[] = [];
  const wrong: string[] = [];
  const judge = async (profile: string, count: number, enough?: (tally: Tally) => boolean) => {
    const started = performance.now();
    const tally = await threads.judge(profile, seed, count, enough);
    rows.push({ profile, tally, seconds: (performance.now() - started) / 1000 });
    console.log(describe(rows[rows.length - 1]));
    return tally;
  };
  try {
    for (const { id } of correctProfiles) {
      const { violations, first } = await judge(id, cases);
      if (violations > 0) wrong.push(`${id}: ${violations} false alarms, the first ${first}`);
    }
    for (const { id } of worseProfiles) {
      const { violations } = await judge(id, Math.min(cases, worseCases), (tally) => tally.violations > 0);
      if (violations === 0) wrong.push(`${id}: not found`);
    }
  } finally {
    await threads.close();
  }
  return { rows, wrong };
}

/** Cases, violations, and per output the largest error ÷ bound and the share of undecided elements. */
function describe({ profile, tally, seconds }: ProfileRow): string {
  const outputs = Object.entries(tally.outputs).map(([name, { maxOverBound, elements, undecided }]) => {
    const share = (100 * undecided) / Math.max(1, elements + undecided);
    return `${name} ${maxOverBound.toFixed(3)}${share > 0 ? ` (${share.toFixed(2)} % undecided)` : ''}`;
  });
  const { cases, violations, undecidedPasses } = tally;
  const undecided = undecidedPasses > 0 ? `, ${undecidedPasses} passes undecided` : '';
  return `  ${profile}: ${cases} cases, ${violations} violations${undecided}, ${seconds.toFixed(0)} s; error/bound ${outputs.join(', ')}`;
}
