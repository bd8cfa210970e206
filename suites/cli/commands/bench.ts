import { type Command, Option } from 'commander';
import { presets } from '../../bench/presets.js';
import type { BenchFlags } from '../actions/bench.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { withNamed } from '../named-adapters.js';
import { collect, counts, names, positiveInteger, ranks, seconds, seed } from '../values.js';

const presetHelp = Object.entries(presets)
  .map(([name, { title }]) => `  ${name.padEnd(8)}${title}`)
  .join('\n');

const help = `
Presets:
${presetHelp}

Each adapter is in a process of its own. All of them, the baseline among them, are called in turns, so that what disturbs the machine
meets them alike; ratios are of calls side by side, the median with the interval that holds it with 95 %. Every call has values that no
call had before, made before the clock starts; some of the timed answers, chosen at random once the kernel is loaded, are judged by the
oracle. A wrong answer, or one that is not finished when the call returns, has no time. What a kernel claims is held against the clock of
the runner; where the machine is too busy for that, the result is inconclusive (exit code 3). FLOPs count visible cells exactly.
* stands for a software device, which is not to be ranked against real ones.

Examples:
  $ npx attn-cts bench --baseline onnxruntime-attention
  $ npx attn-cts bench --adapter ./kernel.ts --adapter native --baseline native --length 512,2048 --mask causal,full
  $ npx attn-cts bench --preset longca --adapter native --pass forward
  $ npx attn-cts bench --adapter native --scheme ring,ring-zigzag --transport workers --ranks 2,4 --baseline ring-zigzag`;

export function addBench(program: Command, finish: Finish): void {
  program
    .command('bench')
    .description('Time adapters against each other, on answers that are judged.')
    .argument('[adapter...]', 'the same as --adapter')
    .option('--adapter <a>', 'as in run (default: every built-in that is quick to start, the references aside)', collect)
    .option('--baseline <a>', 'the adapter, or the scheme, that ratios are taken to (default: none)')
    .addOption(new Option('--preset <p>', 'what is timed, where a flag says nothing else').choices(Object.keys(presets)).default('quick'))
    .option('--operator <o>', 'an operator of ours or of --spec (default: softmax)')
    .option('--mask <m,…>', 'masks', names)
    .option('--length <n,…>', 'tokens, such as 512 or 4K', counts)
    .option('--dtype <t,…>', 'types of q, k and v', names)
    .addOption(new Option('--pass <p>', 'forward, backward, or both').choices(['forward', 'backward', 'both']))
    .option('--heads <n>', 'query heads', positiveInteger)
    .option('--key-heads <n>', 'key heads', positiveInteger)
    .option('--dim <n>', 'size of a head', positiveInteger)
    .option('--batch <n>', 'batch entries', positiveInteger)
    .option('--scheme <s,…>', 'schemes with each adapter inside', names)
    .addOption(new Option('--transport <t>', 'how ranks talk').choices(['workers', 'mpi']).default('workers'))
    .option('--ranks <n,…>', 'on how many ranks (default: 2)', ranks)
    .option('--hostfile <file>', 'of Open MPI: the hosts of the ranks')
    .option('--time <s>', 'seconds for each adapter and problem, as its first calls tell', seconds)
    .option('--samples <n>', 'timed calls, in place of a time', positiveInteger)
    .option('--seed <n|random>', `what the values are drawn from (default: ${defaults.seed})`, seed)
    .option('--timeout <s>', 'seconds a call may take (default: 60)', seconds)
    .option('--start-timeout <s>', `seconds a start, or a first call, may take (default: ${defaults.startTimeout})`, seconds)
    .option('--python <path>', 'the interpreter of Python adapters')
    .option('--out <dir>', 'where bench.json goes: attn-cts report --bench takes it', defaults.out)
    .option('--json', 'print the document')
    .option('--spec <dir>', 'spec documents of your own beside ours', collect)
    .addHelpText('after', help)
    .action(async (named: string[], flags: BenchFlags) => {
      const { benchAction } = await import('../actions/bench.js');
      finish(await benchAction(withNamed(named, flags)));
    });
}
