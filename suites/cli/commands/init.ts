import { type Command, Option } from 'commander';
import { initKindNames, initKinds } from '../../init/kinds.js';
import type { InitFlags } from '../actions/init.js';
import type { Finish } from '../finish.js';

const help = `
Kinds:
${initKindNames.map((kind) => `  ${kind.padEnd(9)}${initKinds[kind].what}`).join('\n')}

What is written is a small kernel and what it claims; it conforms as it is. Put your own kernel in its place, run, and add to its
claims as it grows: what is claimed is called and must be right, what is not claimed is never called. Nothing is overwritten.

Examples:
  $ npx attn-cts init --kind wgsl                   attention-kernel/kernel.wgsl and kernel.json
  $ npx attn-cts run --adapter wgsl:attention-kernel/kernel.json
  $ npx attn-cts init my-kernel --kind python       my-kernel/kernel.py
  $ npx attn-cts init all                           every kind, in a folder of its own: all/module, all/wgsl, …`;

export function addInit(program: Command, finish: Finish): void {
  program
    .command('init')
    .description('Write a kernel to start from.')
    .argument('[dir]', 'the folder to write to', 'attention-kernel')
    .addOption(
      new Option('--kind <kind>', 'how you bring your kernel (default: every kind, each in a folder of its own)').choices(initKindNames),
    )
    .addHelpText('after', help)
    .action(async (folder: string, flags: InitFlags) => {
      const { initAction } = await import('../actions/init.js');
      finish(await initAction(folder, flags));
    });
}
