import type { Command } from 'commander';
import type { ReplayFlags } from '../actions/replay.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { positiveInteger } from '../values.js';

const help = `
A kernel of your own is started only if --adapter names it; the document alone starts built-in adapters only. The case is judged by
the capabilities in the document. Exit code 0: the case passes now. 1: it fails. 3: there is no verdict.

Examples:
  $ npx attention-cts replay attn-cts-out/failures/tfjs-cpu/softmax_causal_oracle_f32/failure.json
  $ npx attention-cts replay attn-cts-out/failures/my-kernel/softmax_causal_oracle_f32 --adapter kernel.py
  $ npx attention-cts replay failure.json --adapter ./kernel.ts`;

export function addReplay(program: Command, finish: Finish): void {
  program
    .command('replay')
    .description('Run the case of a saved failure again.')
    .argument('<failure>', 'failure.json, or the folder that has it')
    .option('--adapter <a>', 'adapter to run, as in run (default: the built-in adapter that the document names)')
    .addOption(option('timeout'))
    .addOption(option('startTimeout'))
    .addOption(option('python'))
    .option(
      '--ranks <n>',
      'number of threads or processes that may be started for the ranks of the case (default: the number of cores)',
      positiveInteger,
    )
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (file: string, flags: ReplayFlags) => {
      const { replayAction } = await import('../actions/replay.js');
      finish(await replayAction(file, flags));
    });
}
