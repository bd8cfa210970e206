import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import { groupBy } from '../../reports/result/result.js';
import { powerCounts } from '../../spec/power-counts.js';
import type { Power, PowerMutant } from '../../spec/types/documents.js';

/** The numbers of the suite's power in the documentation: one row for each class of faults. */
export function powerTable({ mutants: results }: Power): string {
  const row = (name: string, of: readonly PowerMutant[]) => {
    const { total, killed, medianCases } = powerCounts(of);
    const diagnosed = of.filter(({ hint }) => hint !== undefined).length;
    return `| ${name} | ${total} | ${killed} | ${medianCases} | ${diagnosed} |`;
  };
  const equivalent = results.length - powerCounts(results).total;
  const alone = new Set(mutants.flatMap((mutant) => mutant.alone ?? [])).size;
  return [
    '| class of faults | mutants | killed | cases to the first failure (median) | cause named |',
    '|---|---|---|---|---|',
    ...[...groupBy(results, (r) => r.class)].map(([name, of]) => row(name, of)),
    row('**all**', results),
    '',
    `${equivalent} more are declared, or shown on drawn cases, to be equivalent to a correct kernel, and are not killed. ${alone} properties have a mutant each that nothing else finds (\`npm run accept -- worth\`).`,
  ].join('\n');
}
