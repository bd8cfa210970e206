import type { Command } from 'commander';
import type { VectorFlags } from '../actions/vectors.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { positiveInteger } from '../values.js';

const help = `
DIR/index.json lists the cases. DIR/vectors/N.safetensors holds one case: its inputs, and for each output X, expected.X and bound.X in
float64. An element passes if |X − expected| ≤ bound, or if both are the same infinity or NaN; an infinite bound decides nothing. The
bounds are those of the numeric profile in the capabilities. The same flags give the same bytes.

The capabilities (dtypes, masks, options, limits, numeric profile) decide which cases are made. Without --capabilities: softmax in
f32, masks as tensors, options scale, softcap and sink, outputs o, lse, dq, dk, dv and dsink.

The package has headers for GoogleTest and Catch2 in suites/vectors/cpp, a crate for tests in Rust in suites/vectors/rust, and readers in
Python and plain C++ to copy in suites/vectors/examples.

Examples:
  $ npx attention-cts vectors --out vectors
  $ npx attention-cts vectors --out vectors --filter 'softmax/causal/oracle/*' --cases 20
  $ npx attention-cts vectors --out vectors --capabilities mine.json --profile training`;

export function addVectors(program: Command, finish: Finish): void {
  program
    .command('vectors')
    .description('Export frozen cases with expected outputs, gradients and bounds, for projects that cannot run Node.')
    .requiredOption('--out <dir>', 'folder to write to: a new one, or an earlier folder of vectors, which is replaced')
    .addOption(option('profiles', { help: 'profile whose oracle and gradient checks are exported', without: 'training' }))
    .addOption(option('filter', { help: 'export only the checks whose id matches this glob' }))
    .option('--cases <n>', 'cases per check (default: 3)', positiveInteger)
    .addOption(option('seed'))
    .addOption(option('capabilities'))
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (flags: VectorFlags) => {
      const { vectorsAction } = await import('../actions/vectors.js');
      finish(await vectorsAction(flags));
    });
}
