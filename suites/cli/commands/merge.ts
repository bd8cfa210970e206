import type { Command } from 'commander';
import type { MergeFlags } from '../actions/merge.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
Takes the result of every shard once. The shards must have been run with the same version, adapters, profiles, filters, seed and cost
file, on machines of the same kind. The joined result is that of one run without shards; failure folders are copied beside it.
The exit code is that of run, or 2 if the results do not belong together.

Examples:
  $ npx attention-cts run --shard 1/3 --out shard-1        and 2/3, 3/3, each on a machine of its own
  $ npx attention-cts merge shard-*/result.json --out merged/result.json --reporter terminal
  $ npx attention-cts merge shard-*/result.json --out merged/result.json --write-costs costs.json`;

export function addMerge(program: Command, finish: Finish): void {
  program
    .command('merge')
    .description('Join the results of all shards of a run.')
    .argument('<result.json...>', 'results of the shards, one of each')
    .requiredOption('--out <file>', 'file for the joined result')
    .addOption(option('reporters', { help: 'reporter, as in run', below: false }))
    .addOption(option('writeCosts'))
    .addOption(option('allowIncomplete'))
    .addOption(option('failOnWarnings'))
    .addOption(option('verbose'))
    .addHelpText('after', help)
    .action(async (files: string[], flags: MergeFlags) => {
      const { mergeAction } = await import('../actions/merge.js');
      finish(await mergeAction(files, flags));
    });
}
