import type { Command } from 'commander';
import type { OperatorFlags } from '../actions/operator.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
In the program, $x is an option and #x the size of an axis. The picture shows a small case of one head, whose tokens are much alike: the weights of
the values, where the program has them, else how much each value moves each output. The darkest cell is the largest.

Examples:
  $ npx attention-cts operator softmax
  $ npx attention-cts operator "Qwen3-Next"              which operators and masks a model runs
  $ npx attention-cts operator linear-causal --svg linear-causal.svg
  $ npx attention-cts operator softmax --svg influence.svg --influence
  $ npx attention-cts operator mine --spec ./spec --json`;

export function addOperator(program: Command, finish: Finish): void {
  program
    .command('operator')
    .description('Show an operator: its formula, inputs, program, laws and sources, and a picture of its weights.')
    .argument('<name>', 'name of an operator, or another name of it, such as that of a model: DSA, Qwen3-Next')
    .addOption(option('svg', { help: 'write a picture of a small case as SVG' }))
    .option('--influence', 'with --svg: draw |∂o_i/∂v_j|, also where the program has weights')
    .addOption(option('json'))
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (name: string, flags: OperatorFlags) => {
      const { operatorAction } = await import('../actions/operator.js');
      finish(await operatorAction(name, flags));
    });
}
