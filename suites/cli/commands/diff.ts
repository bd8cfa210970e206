import type { Command } from 'commander';
import type { DiffFlags } from '../actions/diff.js';
import type { Finish } from '../program.js';

const help = `
Checks are compared by adapter and id. --gate makes exit code 1 of a regression: a check that passed and does anything else
(one that is gone, too), one that fails in a way it did not, a changed dialect, a looser numeric profile. Whatever else is shown
(fixes, new checks, tallies, accuracy, versions) closes no gate.

Examples:
  $ attn-cts diff main/result.json attn-cts-out/result.json
  $ attn-cts diff main/result.json attn-cts-out/result.json --gate
  $ attn-cts diff old.json new.json --json | jq '.regressions[].id'`;

export function addDiff(program: Command, finish: Finish): void {
  program
    .command('diff')
    .description('Compare two results.')
    .argument('<old.json>', 'the result before')
    .argument('<new.json>', 'the result after')
    .option('--gate', 'exit code 1 on a regression')
    .option('--json', 'print the comparison as one object')
    .addHelpText('after', help)
    .action(async (old: string, now: string, flags: DiffFlags) => {
      const { diffAction } = await import('../actions/diff.js');
      finish(await diffAction(old, now, flags));
    });
}
