import { type Command, Option } from 'commander';
import { initKindNames, initKinds } from '../../init/kinds.js';
import type { InitFlags } from '../actions/init.js';
import type { Finish } from '../finish.js';

const help = `
Kinds:
${initKindNames.map((kind) => `  ${kind.padEnd(9)}${initKinds[kind].what}`).join('\n')}

Writes a small kernel and its capabilities; it passes as it is. Replace it with your own kernel, run, and extend the capabilities
as your kernel grows: what they claim is called and must be right, what they do not claim is never called. No file is overwritten.

Examples:
  $ npx attention-cts init --kind wgsl                   attention-kernel/kernel.wgsl and kernel.json
  $ npx attention-cts run --adapter wgsl:attention-kernel/kernel.json
  $ npx attention-cts init my-kernel --kind python       my-kernel/kernel.py
  $ npx attention-cts init all                           every kind, each in its own folder: all/module, all/wgsl, …
  $ npx attention-cts init .claude/skills/attention-cts --skill   SKILL.md: when and how a coding agent checks a kernel`;

export function addInit(program: Command, finish: Finish): void {
  program
    .command('init')
    .description('Write a small working kernel to start from.')
    .argument('[dir]', 'folder to write to', 'attention-kernel')
    .addOption(new Option('--kind <kind>', 'kind of kernel (default: every kind, each in its own folder)').choices(initKindNames))
    .option('--skill', 'write SKILL.md in place of a kernel: what tells a coding agent when and how to check one')
    .addHelpText('after', help)
    .action(async (folder: string, flags: InitFlags) => {
      const { initAction } = await import('../actions/init.js');
      finish(await initAction(folder, flags));
    });
}
