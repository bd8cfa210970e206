import type { Command } from 'commander';
import type { ReplayFlags } from '../actions/replay.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect, positiveInteger, seconds } from '../values.js';

const help = `
A built-in adapter is taken from the document; any other is started only where --adapter names it. The case is judged by the
capabilities in the document. Exit code 1: it fails. 0: it passes now.

Examples:
  $ npx attn-cts replay attn-cts-out/failures/tfjs-cpu/softmax_causal_oracle_f32/failure.json
  $ npx attn-cts replay failure.json --adapter ./kernel.ts`;

export function addReplay(program: Command, finish: Finish): void {
  program
    .command('replay')
    .description('Run a saved failure again.')
    .argument('<failure.json>', 'the document in a failure folder')
    .option('--adapter <a>', 'a built-in id, or a module such as ./kernel.ts (default: the built-in in the document)')
    .option('--timeout <s>', `seconds a call may take (default: ${defaults.timeout})`, seconds)
    .option('--start-timeout <s>', `seconds the adapter may take to start (default: ${defaults.startTimeout})`, seconds)
    .option('--python <path>', 'the interpreter of Python adapters')
    .option(
      '--ranks <n>',
      'threads or processes that the ranks of the case may be (default: as many as the machine has cores)',
      positiveInteger,
    )
    .option('--spec <dir>', 'spec documents of your own, where the failure was found with them', collect)
    .addHelpText('after', help)
    .action(async (file: string, flags: ReplayFlags) => {
      const { replayAction } = await import('../actions/replay.js');
      finish(await replayAction(file, flags));
    });
}
