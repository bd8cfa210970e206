import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { judgeByRules } from './by-rules.js';
import { judgeBySuite } from './by-suite.js';
import { correct, faults } from './faulty.js';
import { rules } from './rules.js';
import { type Cell, describe, type Line, tableOf } from './table.js';

const LENGTHS = [256, 1024, 4096, 16_384, 65_536];
/** Cases per check of this suite: fewer than the 50 of a plain run. */
const RUNS = 20;
const SUITE = '**this suite**';

const titles = faults.map(({ title }) => title);
const kernels = [correct, ...faults];

export interface RulesTable {
  readonly markdown: string;
  /** Descriptions of where this suite misses a fault or rejects the correct kernel. */
  readonly wrong: readonly string[];
}

/** Judges the same faults at every length by the rules of other projects and by this suite, and prints each verdict when it is known. */
export async function rulesTable(): Promise<RulesTable> {
  const cells = new Map<string, Cell[]>([...rules.map(({ name }) => name), SUITE].map((judge) => [judge, []]));
  const wrong: string[] = [];
  const add = (judge: string, n: number, rejected: ReadonlySet<string>) => {
    const cell = { n, found: rejected, alarm: rejected.has(correct.title) };
    cells.get(judge)?.push(cell);
    console.log(`  ${judge}, N = ${n}: ${describe(cell, titles)}`);
  };
  for (const n of LENGTHS) {
    for (const [rule, rejected] of judgeByRules(n, kernels)) add(rule, n, rejected);
    const rejected = await rejectedBySuite(n);
    add(SUITE, n, rejected);
    if (rejected.has(correct.title)) wrong.push(`the correct kernel fails at N = ${n}`);
    for (const title of titles) if (!rejected.has(title)) wrong.push(`"${title}" is missed at N = ${n}`);
  }
  const lines: Line[] = rules.map(({ name, title, source }) => ({ judge: `[${title}](${source})`, cells: cells.get(name) ?? [] }));
  return { markdown: tableOf([...lines, { judge: SUITE, cells: cells.get(SUITE) ?? [] }], titles), wrong };
}

async function rejectedBySuite(n: number): Promise<Set<string>> {
  const rejected = new Set<string>();
  for (const kernel of kernels) {
    const { failure, checks, cases } = await judgeBySuite(n, kernel, RUNS);
    if (failure) rejected.add(kernel.title);
    console.log(
      `    ${kernel.title}: ${failure ? `${failure.check} [${failure.class}] after ${cases} cases: ${failure.message}` : `passes ${checks} checks of ${cases} cases`}`,
    );
  }
  return rejected;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { markdown, wrong } = await rulesTable();
  console.log(`\n${markdown}\n\n${wrong.join('\n') || 'this suite finds every fault at every length, without a false alarm'}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
