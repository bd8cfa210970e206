import { availableParallelism } from 'node:os';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import type { Mutant } from '../../../adapters/controls/mutants/lib/mutant.js';
import { jsonText } from '../../../reports/text/plain-text.js';
import { formatTable } from '../../../reports/text/table.js';
import { nearest } from '../../../spec/lib/nearest.js';
import { UsageError } from '../../lib/usage-error.js';
import { globMatcher } from '../../plan/check-glob.js';
import { chosenSeed } from '../../plan/chosen-seed.js';
import type { MutantResult } from '../../power/judge-mutant.js';
import { matrixOf, power } from '../../power/power.js';
import { powerDocument, powerExitCode, summaryOf } from '../../power/summary.js';
import { properties } from '../../properties/index.js';
import { defaults } from '../defaults.js';
import { ProgressLine } from '../progress.js';
import { describePower } from '../text/power.js';

/** Formats how many mutants each property kills, and how many it alone kills. */
function matrixText(results: readonly MutantResult[]): string {
  const rows = matrixOf(
    results,
    properties.map(({ name }) => name),
  );
  const table = formatTable(
    ['PROPERTY', 'KILLS', 'ALONE'],
    rows.map(({ property, kills, alone }) => [property, String(kills.length), String(alone.length)]),
  );
  const alone = rows.filter((row) => row.alone.length > 0).map((row) => `${row.property} alone: ${row.alone.join(', ')}`);
  return [table, ...alone].join('\n').concat('\n');
}

export interface PowerFlags {
  readonly json?: boolean;
  readonly filter?: string[];
  readonly seed?: number | 'random';
  readonly runs?: number;
  readonly jobs?: number;
  readonly matrix?: boolean;
}

/** Runs `attn-cts power`. @returns the exit code. */
export async function powerAction(flags: PowerFlags): Promise<number> {
  const chosen = choose(flags.filter ?? []);
  const seed = chosenSeed(flags.seed ?? defaults.seed);
  if (flags.seed === 'random') process.stderr.write(`seed ${seed}\n`);
  const progress = new ProgressLine(process.stderr, undefined, 'mutants');
  const started = performance.now();
  let done = 0;
  let cases = 0;
  // in starting order: the first has run longest
  const judged = new Set<string>();
  const show = () => progress.show(done, chosen.length, `${cases} cases`, [...judged][0] ?? '');
  const showing = setInterval(show, 1000);
  const results = await power(
    {
      mutants: chosen,
      seed,
      runs: flags.runs ?? defaults.runs,
      jobs: flags.jobs ?? availableParallelism(),
      ...(flags.matrix && { matrix: true }),
    },
    (result) => {
      cases += result.cases;
      done++;
      judged.delete(result.id);
      show();
    },
    (id) => judged.add(id),
  ).finally(() => clearInterval(showing));
  progress.end();
  const summary = summaryOf(results);
  if (flags.json) process.stdout.write(jsonText(powerDocument(results)));
  else {
    process.stdout.write(describePower(results, summary, seed, (performance.now() - started) / 1000));
    if (flags.matrix) process.stdout.write(`\n${matrixText(results)}`);
  }
  return powerExitCode(summary);
}

/** @throws {UsageError} if a filter matches no mutant. */
function choose(filters: readonly string[]): readonly Mutant[] {
  if (filters.length === 0) return mutants;
  const matchers = filters.map(globMatcher);
  for (const [i, matches] of matchers.entries()) {
    if (mutants.some((m) => matches(m.id) || matches(m.class))) continue;
    const names = new Set([...mutants.map((m) => m.id), ...mutants.map((m) => m.class)]);
    throw new UsageError(`--filter ${filters[i]} matches no mutant; the nearest are ${nearest(filters[i], names).join(', ')}`);
  }
  return mutants.filter((m) => matchers.some((matches) => matches(m.id) || matches(m.class)));
}
