import { Argument, type Command } from 'commander';
import type { ListFlags, ListKind } from '../actions/list.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { collect } from '../values.js';

const kinds: readonly ListKind[] = [
  'adapters',
  'operators',
  'masks',
  'schemes',
  'clusters',
  'lengths',
  'numerics',
  'properties',
  'profiles',
  'checks',
];

const help = `
Examples:
  $ npx attention-cts list adapters                      which adapters are available here, and what the others need
  $ npx attention-cts list checks --adapter ./kernel.ts  which checks are run on this kernel
  $ npx attention-cts list operators --family linear     which operators of one family there are
  $ npx attention-cts list operators --search deepseek   what DeepSeek's models run
  $ npx attention-cts list operators --all               the numbers of their papers, and published ones without a definition
  $ npx attention-cts list numerics                      numeric profiles by name, and where each is the default
  $ npx attention-cts list masks --json`;

export function addList(program: Command, finish: Finish): void {
  program
    .command('list')
    .description('List adapters, operators, masks, schemes, clusters, document lengths, numeric profiles, properties, profiles or checks.')
    .addArgument(new Argument('<what>', 'kind of thing to list').choices(kinds))
    .addOption(option('json'))
    .option('--adapter <a>', 'with adapters and checks: only for this adapter (repeatable; default: all built-in adapters)', collect)
    .addOption(option('python'))
    .addOption(option('spec'))
    .option('--family <f>', 'with operators: only those of this family')
    .option(
      '--search <text>',
      'with operators, masks and schemes: those with this text in their name, title or other names, such as a model',
    )
    .option('--all', 'with operators, masks and schemes: also their papers; with operators: also those without a definition, and why')
    .addHelpText('after', help)
    .action(async (what: ListKind, flags: ListFlags) => {
      const { listAction } = await import('../actions/list.js');
      finish(await listAction(what, flags));
    });
}
