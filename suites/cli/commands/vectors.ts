import type { Command } from 'commander';
import type { VectorFlags } from '../actions/vectors.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect, positiveInteger, seed } from '../values.js';

const help = `
DIR/index.json names the cases, DIR/vectors/N.safetensors holds one each: its inputs, and for each output X expected.X and bound.X
in float64. An element passes where |X − expected| ≤ bound, or where both are the same infinity or NaN; an infinite bound decides
nothing. The bounds are those of the numeric profile in the capabilities. The same flags give the same bytes.

--capabilities takes the JSON that a kernel declares (CONTRACTS: capabilities): its dtypes, masks, options, limits and numeric profile
say which cases are made. Without it: softmax in f32, masks as a tensor, scale, softcap and sink, o, lse, dq, dk, dv and dsink.

Readers in Python and C++, to copy: suites/vectors/examples/ in the package.

Examples:
  $ npx attn-cts vectors --out vectors
  $ npx attn-cts vectors --out vectors --filter 'softmax/causal/oracle/*' --cases 20
  $ npx attn-cts vectors --out vectors --capabilities mine.json --profile training`;

export function addVectors(program: Command, finish: Finish): void {
  program
    .command('vectors')
    .description('Export frozen cases with expected outputs, gradients and bounds, for projects that cannot run Node.')
    .requiredOption('--out <dir>', 'where they go: a new folder, or one of vectors, which is replaced')
    .option('--profile <p>', 'a profile; its checks of oracle and gradient are exported (default: training)', collect)
    .option('--filter <id-glob>', 'only the checks that match', collect)
    .option('--cases <n>', 'cases of a check (default: 3)', positiveInteger)
    .option('--seed <n|random>', `what the cases are drawn from (default: ${defaults.seed})`, seed)
    .option('--capabilities <file>', 'what the kernel claims')
    .option('--spec <dir>', 'spec documents of your own beside ours', collect)
    .addHelpText('after', help)
    .action(async (flags: VectorFlags) => {
      const { vectorsAction } = await import('../actions/vectors.js');
      finish(await vectorsAction(flags));
    });
}
