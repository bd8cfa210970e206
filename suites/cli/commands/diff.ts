import type { Command } from 'commander';
import type { DiffFlags } from '../actions/diff.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { collect } from '../values.js';

const help = `
Checks are matched by adapter and id. A regression is
  a check that passed and no longer does, or is no longer there
  a check that fails in a new way (another failure class)
  a changed dialect
  a looser numeric profile
With --gate, a regression makes the exit code 1. Fixes, new checks, totals, accuracy, versions and timings are shown, but do not.

A timing is reported as changed if it changed by more than 5 % and the 95 % confidence intervals of the two medians do not overlap.
Ratios are compared if both files have the same baseline, otherwise times, if both are from the same machine.

Examples:
  $ npx attention-cts diff main/result.json attn-cts-out/result.json
  $ npx attention-cts diff main/result.json attn-cts-out/result.json --gate
  $ npx attention-cts diff old.json new.json --bench old-bench.json --bench new-bench.json
  $ npx attention-cts diff old.json new.json --json | jq '.regressions[].id'`;

export function addDiff(program: Command, finish: Finish): void {
  program
    .command('diff')
    .description('Compare two results.')
    .argument('<old.json>', 'result before the change')
    .argument('<new.json>', 'result after the change')
    .option('--gate', 'exit 1 if there is a regression')
    .option('--bench <bench.json>', 'bench.json of attn-cts bench; give it twice, before and after', collect)
    .addOption(option('json'))
    .addHelpText('after', help)
    .action(async (old: string, now: string, flags: DiffFlags) => {
      const { diffAction } = await import('../actions/diff.js');
      finish(await diffAction(old, now, flags));
    });
}
