import { type Command, Option } from 'commander';
import type { SimulateFlags } from '../actions/simulate.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { counts, names } from '../values.js';

const help = `
Runs the scheme's program with shapes instead of numbers, on a virtual clock. A message takes alpha + bytes / bandwidth of the link
between the two ranks; a block of attention takes its visible cells / rate of the device, which may depend on how large the block is and
whether the diagonal hides half of it: as the cluster's document gives it, or as attn-cts bench measured a kernel of yours (--bench). Computation and messages overlap where the
program lets them. The ideal is the same work spread evenly over the ranks, without messages, at the rate of one device that has a rank's
own tokens alone: with rates by block size, a scheme whose blocks are faster than that may exceed it. Memory is the most that a rank holds at
a time of shards, gradients and messages.

The outputs of blocks are merged outside of the kernel: by default in one kernel that reads and writes the sums once; --merge stepwise
takes one kernel for each step of the formula, as PyTorch does where nothing fuses them.

With one scheme, one number of ranks and one number of tokens, prints the details; --svg draws a timeline of each rank. With several,
prints a table; --svg draws the shares of the ideal, and which scheme is the fastest where. The table names what a scheme cannot do,
with the reason.

A decoding scheme gets one query. A scheme for an operator other than softmax gets that operator and its mask: longnet with segments
from 2,048 tokens on; apb with one block per rank, an anchor of a quarter of a block, and an eighth of its keys passed on.

Examples:
  $ npx attention-cts simulate --scheme ring-zigzag --ranks 8 --tokens 64K --cluster h800-8 --svg timeline.svg
  $ npx attention-cts simulate --scheme ring,ring-zigzag,ulysses --ranks 8,32,96 --tokens 128K,1M --cluster h100-96 --svg sweep.svg
  $ npx attention-cts simulate --scheme ring --ranks 1024 --tokens 1M --cluster tpu-1024 --pass forward
  $ npx attention-cts simulate --scheme all-gather --ranks 8 --cluster a100-8 --mask document-causal --param lengths=4096,28672
  $ npx attention-cts bench --adapter python:mine.py:mine --mask causal,full --length 512,2K,8K --pass both --out bench
  $ npx attention-cts simulate --scheme ring-zigzag --ranks 96 --tokens 1M --cluster h100-96 --bench bench/bench.json
  $ npx attention-cts list clusters`;

export function addSimulate(program: Command, finish: Finish): void {
  program
    .command('simulate')
    .description('Simulate a context-parallel scheme on a cluster: time, share of the ideal, bytes, memory, waiting.')
    .requiredOption('--scheme <s,…>', 'schemes to simulate; attn-cts list schemes names them', names)
    .requiredOption('--ranks <n,…>', 'numbers of ranks', counts)
    .option('--tokens <n,…>', 'numbers of tokens, such as 64K or 1M (default: the sum of the lengths of the mask)', counts)
    .requiredOption('--cluster <name|file>', 'cluster: a name (attn-cts list clusters), or a file that describes it')
    .option('--bench <file>', "bench.json whose timings say how fast a device is, by the size of a block, in place of the cluster's rates")
    .option('--adapter <id>', 'adapter whose timings of --bench count (default: the only one that has some)')
    .option('--mask <m>', 'name of a mask, or a composed mask as JSON (default: causal)')
    .addOption(option('param'))
    .addOption(option('heads', { default: 32 }))
    .addOption(option('keyHeads', { default: 8 }))
    .addOption(option('dim', { default: 128 }))
    .addOption(
      new Option('--dtype <t>', 'dtype of queries, keys and values')
        .choices(['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2'])
        .default('bf16'),
    )
    .addOption(option('batch', { default: 1 }))
    .addOption(
      new Option('--pass <p>', 'passes; both: with the backward pass, if the scheme has one').choices(['forward', 'both']).default('both'),
    )
    .addOption(
      new Option(
        '--merge <m>',
        'how the outputs of blocks are merged; stepwise: one kernel for each step of the formula, as unfused PyTorch',
      )
        .choices(['fused', 'stepwise'])
        .default('fused'),
    )
    .addOption(option('svg'))
    .addOption(option('json'))
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (flags: SimulateFlags) => {
      const { simulateAction } = await import('../actions/simulate.js');
      finish(await simulateAction(flags));
    });
}
