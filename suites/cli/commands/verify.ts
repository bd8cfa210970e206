import type { Command } from 'commander';
import type { VerifyFlags } from '../actions/verify.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { positiveInteger } from '../values.js';

const help = `
The document is held to its schema, its spec versions are compared with those of this suite, and a sample of its checks is judged again
here: of a failure its smallest case, of a check that passed its first cases. The adapters take turns, their failures first.
Built-in adapters are started by their id. Any other must be named: a document from elsewhere starts no command.

Exit code: 0 if all that could be judged agrees, 1 if a check does not, 2 if the document is not valid, 3 if nothing could be judged.

Examples:
  $ npx attention-cts verify result.json
  $ npx attention-cts verify result.json --sample 100 --runs 20
  $ npx attention-cts verify result.json --adapter mine=./kernel.ts
  $ npx attention-cts verify result.json --json | jq '.checks[] | select(.outcome == "disagrees")'`;

export function addVerify(program: Command, finish: Finish): void {
  program
    .command('verify')
    .description('Judge a sample of the checks of a result again.')
    .argument('<result.json>', 'result of attn-cts run')
    .option('--sample <n>', 'checks that are judged again (default: 20)', positiveInteger)
    .addOption(option('runs', { help: 'cases of each check that passed', default: 5 }))
    .addOption(option('adapterSource'))
    .addOption(option('timeout'))
    .addOption(option('python'))
    .addOption(option('spec'))
    .addOption(option('json'))
    .addHelpText('after', help)
    .action(async (file: string, flags: VerifyFlags) => {
      const { verifyAction } = await import('../actions/verify.js');
      finish(await verifyAction(file, flags));
    });
}
