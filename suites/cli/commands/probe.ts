import type { Command } from 'commander';
import type { ProbeFlags } from '../actions/probe.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { seconds } from '../values.js';

const help = `
Every axis of the dialect that the kernel has is read from its answers to at most 80 calls, small and large; what it declares is shown beside, and taken for
nothing. Exit code 3: it could not be started, or an axis could not be inferred.

Examples:
  $ npx attn-cts probe --adapter ./kernel.ts
  $ npx attn-cts probe --adapter python:kernel.py:attention --write dialect.json
  $ npx attn-cts run --adapter python:kernel.py:attention --dialect dialect.json`;

export function addProbe(program: Command, finish: Finish): void {
  program
    .command('probe')
    .description('Find out what a kernel does where the field leaves it open: where its diagonal ends, what an empty row gives, and so on.')
    .argument('[adapter]', 'the same as --adapter')
    .option('--adapter <a>', 'what to probe: as in run')
    .option('--json', 'print the probe as JSON')
    .option('--write <file>', 'write what was found as a dialect, for run --dialect')
    .option('--timeout <s>', `seconds a call may take (default: ${defaults.timeout})`, seconds)
    .option('--start-timeout <s>', `seconds the adapter may take to start (default: ${defaults.startTimeout})`, seconds)
    .option('--python <path>', 'the interpreter of Python adapters')
    .addHelpText('after', help)
    .action(async (named: string | undefined, flags: ProbeFlags) => {
      const { probeAction } = await import('../actions/probe.js');
      finish(await probeAction({ ...flags, adapter: named ?? flags.adapter }));
    });
}
