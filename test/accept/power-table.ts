import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import type { Power, PowerMutant } from '../../spec/types/documents.js';

/** The numbers of the suite's power in the documentation: one row for each class of faults. */
export function powerTable({ mutants: results }: Power): string {
  const classes = [...new Set(results.map((r) => r.class))];
  const row = (name: string, of: readonly PowerMutant[]) => {
    const faulty = of.filter(({ equivalent }) => !equivalent);
    const killed = faulty.filter((r) => r.killed);
    const cases = killed.map((r) => r.cases).sort((a, b) => a - b);
    const diagnosed = of.filter(({ hint }) => hint !== undefined).length;
    return `| ${name} | ${faulty.length} | ${killed.length} | ${cases[(cases.length - 1) >> 1] ?? 0} | ${diagnosed} |`;
  };
  const equivalent = results.filter((r) => r.equivalent).length;
  const alone = new Set(mutants.flatMap((mutant) => mutant.alone ?? [])).size;
  return [
    '| class of faults | mutants | killed | cases to the first failure (median) | cause named |',
    '|---|---|---|---|---|',
    ...classes.map((name) =>
      row(
        name,
        results.filter((r) => r.class === name),
      ),
    ),
    row('**all**', results),
    '',
    `${equivalent} more are declared, or shown on drawn cases, to be equivalent to a correct kernel, and are not killed. ${alone} properties have a mutant each that nothing else finds (\`npm run accept -- worth\`).`,
  ].join('\n');
}
