import type { Command } from 'commander';
import type { MergeFlags } from '../actions/merge.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect } from '../values.js';

const help = `
All shards of one plan, each once: the same version, adapters, profiles, filters, seed and cost table, on machines that are alike.
The result is that of one run without shards. Failure folders are copied beside it. Exit code: as of a run; 2 where the
results do not belong together.

Examples:
  $ npx attn-cts run --shard 1/3 --out shard-1        and 2/3, 3/3, each on a machine of its own
  $ npx attn-cts merge shard-*/result.json --out merged/result.json --reporter terminal
  $ npx attn-cts merge shard-*/result.json --out merged/result.json --write-costs costs.json`;

export function addMerge(program: Command, finish: Finish): void {
  program
    .command('merge')
    .description('Join the results of all shards of a plan.')
    .argument('<result.json...>', 'one result of each shard')
    .requiredOption('--out <file>', 'the result of the whole plan')
    .option('--reporter <r[=file]>', `as of run (default: ${defaults.reporter})`, collect)
    .option('--write-costs <file>', 'write how long each check took, for run --costs')
    .option('--allow-incomplete', 'checks that were not run do not change the exit code')
    .option('--fail-on-warnings', 'accuracy warnings make exit code 1, as failures do')
    .addHelpText('after', help)
    .action(async (files: string[], flags: MergeFlags) => {
      const { mergeAction } = await import('../actions/merge.js');
      finish(await mergeAction(files, flags));
    });
}
