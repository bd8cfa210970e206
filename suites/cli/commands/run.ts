import { type Command, InvalidArgumentError, Option } from 'commander';
import { kinds } from '../../../adapters/sources.js';
import { speeds } from '../../../generators/budget.js';
import { reporters } from '../../../reports/index.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { withNamed } from '../named-adapters.js';
import type { RunFlags } from '../settings.js';
import { collect, positiveInteger, ranks, seconds, seed, shard } from '../values.js';

const kindsHelp = Object.entries(kinds)
  .map(([kind, { argument, what }]) => `  ${`${kind}:${argument}`.padEnd(26)}${what}`)
  .join('\n');

const reportersHelp = Object.entries(reporters)
  .map(([name, { title }]) => `  ${name.padEnd(26)}${title}`)
  .join('\n');

const help = `
A flag wins over attn-cts.config.ts, .js, .mjs or .json in the working folder. --adapter, --profile, --filter, --reporter,
--spec and --dialect may be given more than once.

--adapter takes a built-in id (attn-cts list adapters), a module that exports an adapter (./kernel.ts, ./kernel.js), or
${kindsHelp}

--reporter takes one of
${reportersHelp}

Check ids read operator[+feature]/mask/property/dtype. In a glob, * stays within a segment and ** crosses them; adapter:: may
stand in front.

Examples:
  $ attn-cts run ./kernel.ts --profile core
  $ attn-cts run --adapter python:kernel.py:attention --python /usr/bin/python3
  $ attn-cts run --adapter native:./kernel.json --adapter 'process:"python3 serve.py"'
  $ attn-cts run --adapter tfjs-wasm --filter 'softmax*/**/gradient/*'
  $ attn-cts run --adapter ./kernel.js --dialect causal=top-left
  $ attn-cts run --expectations known.json --reporter terminal --reporter junit=junit.xml
  $ attn-cts run --expectations known.json --update-expectations
  $ attn-cts run --corpus failures --runs 500          what the nightly run finds, the next pull request tries
  $ attn-cts run --shard 2/3 --costs costs.json --out shard-2
  $ attn-cts run --reporter github --reporter markdown=summary.md --reporter sarif=kernel.sarif --reporter badges=badges
  $ attn-cts run --profile parallel                    every scheme, the reference kernel inside, simulated
  $ attn-cts run --profile parallel --adapter native --scheme ring-zigzag --transport mpi --ranks 2,4
  $ attn-cts run --adapter ./kernel.js --hunt 60       a minute of guided search, divided over the checks with bounds
  $ attn-cts run --runs 1000 --seed random --time-limit 600 --allow-incomplete`;

export function addRun(program: Command, finish: Finish): void {
  program
    .command('run')
    .description('Judge adapters against the specification.')
    .argument('[adapter...]', 'the same as --adapter')
    .option('--adapter <a>', 'a built-in id, or a kernel of your own: see below (default: every built-in in this process)', collect)
    .option('--profile <p>', 'a profile, such as core (default: all but longca and parallel, which take long)', collect)
    .option('--filter <id-glob>', 'only the checks that match', collect)
    .option(
      '--seed <n|random>',
      `what the cases are drawn from (default: ${defaults.seed}); random: drawn after the adapters have started, and printed`,
      seed,
    )
    .option('--runs <n>', `cases per check; +all has four times as many (default: ${defaults.runs})`, positiveInteger)
    .addOption(
      new Option(
        '--speed <class>',
        'how fast the adapters are: so large are their largest cases (default: each is measured at its start)',
      ).choices(speeds),
    )
    .option('--time-limit <s>', 'seconds for the whole run; what is left is not run (default: none)', seconds)
    .option('--hunt <s>', 'seconds to look for the cases with the largest error ÷ bound, after the drawn ones (default: none)', seconds)
    .option('--timeout <s>', `seconds a call may take (default: ${defaults.timeout})`, seconds)
    .option('--start-timeout <s>', `seconds an adapter may take to start (default: ${defaults.startTimeout})`, seconds)
    .option('--jobs <n>', 'checks at a time (default: the number of cores)', positiveInteger)
    .option('--expectations <file>', 'known failures: only others, and known ones that pass, make exit code 1')
    .option('--update-expectations', 'rewrite that file by what this run finds; why a new one fails is left for you to say')
    .option('--corpus <dir>', 'saved failures, tried before all else; new ones are added')
    .option('--shard <i/n>', 'only the i-th of n parts of the plan; attn-cts merge joins their results', shard)
    .option('--costs <file>', 'how long checks take, to make shards equally long; every shard needs the same file')
    .option('--write-costs <file>', 'write how long the checks of this run took')
    .option('--reporter <r[=file]>', `to a file or to standard output: see below (default: ${defaults.reporter})`, collect)
    .option('--out <dir>', `result.json, the journal and the failure folders (default: ${defaults.out})`)
    .option('--resume', 'go on with the run in --out where it stopped')
    .option('--bail <n>', 'stop after so many unexpected failures', positiveInteger)
    .option('--allow-incomplete', 'checks that were not run do not change the exit code')
    .option('--fail-on-warnings', 'accuracy warnings make exit code 1, as failures do')
    .option('--scheme <s>', 'of the profile parallel: only this scheme (default: every one, the kernel inside)', collect)
    .option('--ranks <n,…>', 'on how many ranks (default: 1 to 8)', ranks)
    .addOption(
      new Option('--transport <t>', 'how ranks talk: on one simulated machine, in threads, or by Open MPI').choices([
        'simulated',
        'workers',
        'mpi',
      ]),
    )
    .option('--hostfile <file>', 'of Open MPI: the hosts of the ranks')
    .option('--spec <dir>', 'operators/*.json, masks/*.json and profiles/*.json of your own', collect)
    .option(
      '--slow <n>',
      'also judge the built-ins that are slow to start or to call (browser, Python, software GPU), at n cases per check',
      positiveInteger,
    )
    .addOption(renamed('--apart <n>', '--slow'))
    .option('--python <path>', 'the interpreter of Python adapters (default: the first python3 that has what they need)')
    .option('--tmp <dir>', 'where the tensor files of process adapters go (default: in memory where there is room)')
    .option('--dialect <file|axis=value>', 'declare a dialect for adapters that cannot be edited', collect)
    .addHelpText('after', help)
    .action(async (named: string[], flags: RunFlags) => {
      const { runAction } = await import('../actions/run.js');
      finish(await runAction(withNamed(named, flags)));
    });
}

/** An option under the name that it had in an earlier edition: given, it says what it is called. */
function renamed(flags: string, name: string): Option {
  return new Option(flags).hideHelp().argParser(() => {
    throw new InvalidArgumentError(`it is called ${name} now`);
  });
}
