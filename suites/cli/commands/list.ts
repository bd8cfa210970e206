import { Argument, type Command } from 'commander';
import type { ListFlags, ListKind } from '../actions/list.js';
import type { Finish } from '../finish.js';
import { collect } from '../values.js';

const kinds: readonly ListKind[] = ['adapters', 'operators', 'masks', 'schemes', 'clusters', 'properties', 'profiles', 'checks'];

const help = `
Examples:
  $ npx attn-cts list adapters                      which are available here, and what the others need
  $ npx attn-cts list checks --adapter ./kernel.ts  what a kernel with these capabilities is asked
  $ npx attn-cts list masks --json`;

export function addList(program: Command, finish: Finish): void {
  program
    .command('list')
    .description('Show what there is.')
    .addArgument(new Argument('<what>', 'what to list').choices(kinds))
    .option('--json', 'print a JSON array')
    .option('--adapter <a>', 'of adapters and checks: only of these (default: every built-in)', collect)
    .option('--python <path>', 'the interpreter of Python adapters')
    .option('--spec <dir>', 'spec documents of your own beside ours', collect)
    .addHelpText('after', help)
    .action(async (what: ListKind, flags: ListFlags) => {
      const { listAction } = await import('../actions/list.js');
      finish(await listAction(what, flags));
    });
}
