import type { Command } from 'commander';
import type { DiffFlags } from '../actions/diff.js';
import type { Finish } from '../finish.js';
import { collect } from '../values.js';

const help = `
Checks are compared by adapter and id. --gate makes exit code 1 of a regression: a check that passed and does anything else
(one that is gone, too), one that fails in a way it did not, a changed dialect, a looser numeric profile. Whatever else is shown
(fixes, new checks, tallies, accuracy, versions, timings) closes no gate.

Timings are changes beyond noise: of ratios to the same baseline where both have one, else of times on the same machine; the intervals that hold
the medians with 95 % have nothing in common, and the change is more than 5 %.

Examples:
  $ npx attn-cts diff main/result.json attn-cts-out/result.json
  $ npx attn-cts diff main/result.json attn-cts-out/result.json --gate
  $ npx attn-cts diff old.json new.json --bench old-bench.json --bench new-bench.json
  $ npx attn-cts diff old.json new.json --json | jq '.regressions[].id'`;

export function addDiff(program: Command, finish: Finish): void {
  program
    .command('diff')
    .description('Compare two results.')
    .argument('<old.json>', 'the result before')
    .argument('<new.json>', 'the result after')
    .option('--gate', 'exit code 1 on a regression')
    .option('--bench <bench.json>', 'what attn-cts bench wrote: twice, before and after', collect)
    .option('--json', 'print the comparison as one object')
    .addHelpText('after', help)
    .action(async (old: string, now: string, flags: DiffFlags) => {
      const { diffAction } = await import('../actions/diff.js');
      finish(await diffAction(old, now, flags));
    });
}
