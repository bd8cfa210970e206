import { Option } from 'commander';
import { speeds } from '../../generators/dims/budget.js';
import type { Config, Dialect } from '../../spec/types/documents.js';
import type { PlanShard } from '../plan/shards/shard.js';
import { defaults } from './defaults.js';
import { collect, positiveInteger, ranks, seconds, seed, shard, tokens } from './values.js';

interface RunOption<T> {
  readonly flag: string;
  readonly help: string;
  readonly without?: string;
  /** Reads the argument. Absent: no argument, or plain text. @throws {InvalidArgumentError} */
  readonly parse?: (text: string, previous: T | undefined) => T;
  readonly choices?: readonly string[];
  readonly default?: T;
  readonly below?: boolean;
  readonly ofMerge?: boolean;
}

interface HelpWords {
  readonly repeatable: string;
  readonly below?: string;
}

const ofCommand: HelpWords = { repeatable: 'repeatable', below: 'see below' };

interface OfOneRun {
  readonly updateExpectations: boolean;
  readonly shard: PlanShard;
  readonly writeCosts: string;
  readonly resume: boolean;
  readonly quick: boolean;
  readonly verbose: boolean;
}

/** Values of all options, by configuration key. Dialect axes are given one by one. */
type Values = Required<Omit<Config, '$schema' | 'dialect' | 'ranks'>> & { dialect: string[]; ranks: number[] } & OfOneRun;

type Table = { readonly [Key in keyof Values]: RunOption<Values[Key]> };

const runOptions = {
  adapters: {
    flag: '--adapter <a>',
    help: 'adapter to judge: a built-in id or a kernel of your own',
    below: true,
    without: 'all built-in adapters but the slow ones',
    parse: collect,
    default: [],
  },
  profiles: {
    flag: '--profile <p>',
    help: 'profile whose checks are run, such as core',
    without: 'all but long, longca, parallel and soak, which take long, and those of one family of operators',
    parse: collect,
    default: [],
  },
  filter: { flag: '--filter <id-glob>', help: 'run only the checks whose id matches this glob', parse: collect, default: [] },
  quick: {
    flag: '--quick',
    help: 'quick run, about a minute: 2 small cases per check; without --adapter: the profile core, and only backends that start fast',
    default: false,
  },
  seed: {
    flag: '--seed <n|random>',
    help: 'seed of the drawn cases; random: a new one, which is printed',
    parse: seed,
    default: defaults.seed,
  },
  runs: {
    flag: '--runs <n>',
    help: 'cases per check; checks of the feature +all get four times as many',
    parse: positiveInteger,
    default: defaults.runs,
  },
  speed: {
    flag: '--speed <class>',
    help: 'speed class of the adapters, which limits the size of their cases',
    without: 'what each claims: slow for programs, Python functions and browsers, else medium',
    choices: speeds,
  },
  shapes: {
    flag: '--shapes <n>',
    help: 'number of shapes from which all cases are drawn, for kernels that compile for each shape; a mask or a feature may change a shape',
    without: 'every case has a shape of its own',
    parse: positiveInteger,
  },
  tokens: {
    flag: '--tokens <n>',
    help: 'with --profile long: number of keys of every case, such as 128K; costly cases have few queries',
    without: 'drawn, as far as limits and speed allow',
    parse: tokens,
  },
  timeLimit: {
    flag: '--time-limit <s>',
    help: 'seconds after which the run ends, with the remaining checks not run',
    without: 'none',
    parse: seconds,
  },
  hunt: {
    flag: '--hunt <s>',
    help: 'seconds to search, after the drawn cases, for cases with the largest error ÷ bound',
    without: 'no search',
    parse: seconds,
  },
  timeout: { flag: '--timeout <s>', help: 'seconds that a call may take', parse: seconds, default: defaults.timeout },
  startTimeout: {
    flag: '--start-timeout <s>',
    help: 'seconds that an adapter may take to start',
    parse: seconds,
    default: defaults.startTimeout,
  },
  jobs: { flag: '--jobs <n>', help: 'number of checks run at the same time', without: 'the number of cores', parse: positiveInteger },
  expectations: {
    flag: '--expectations <file>',
    help: 'file of known failures; exit 1 only for new failures, or known ones that now pass',
  },
  updateExpectations: {
    flag: '--update-expectations',
    help: 'rewrite the --expectations file to match this run; you write the reasons of new entries',
    default: false,
  },
  corpus: { flag: '--corpus <dir>', help: 'folder of saved failures, which are tried first; new failures are added' },
  shard: { flag: '--shard <i/n>', help: 'run only part i of n of the plan; attn-cts merge joins the results', parse: shard },
  costs: {
    flag: '--costs <file>',
    help: 'file of check times, written by --write-costs, by which shards take equally long; use the same file for all shards',
  },
  writeCosts: { flag: '--write-costs <file>', help: 'write how long each check took to this file, for --costs', ofMerge: true },
  reporters: {
    flag: '--reporter <r[=file]>',
    help: 'reporter, to standard output or to a file',
    below: true,
    without: defaults.reporter,
    parse: collect,
    default: [defaults.reporter],
  },
  verbose: {
    flag: '--verbose',
    help: 'print the whole summary; without it, a terminal gets at most 40 lines',
    default: false,
    ofMerge: true,
  },
  out: { flag: '--out <dir>', help: 'folder for result.json, the journal and the failure folders', default: defaults.out },
  resume: { flag: '--resume', help: 'continue the interrupted run in the --out folder', default: false },
  bail: { flag: '--bail <n>', help: 'stop after n unexpected failures', without: 'never', parse: positiveInteger },
  allowIncomplete: {
    flag: '--allow-incomplete',
    help: 'checks that were not run do not make the exit code 3',
    default: false,
    ofMerge: true,
  },
  failOnWarnings: { flag: '--fail-on-warnings', help: 'exit 1 for accuracy warnings, as for failures', default: false, ofMerge: true },
  schemes: {
    flag: '--scheme <s>',
    help: 'with --profile parallel: test only this scheme',
    without: 'all, with the kernel inside',
    parse: collect,
  },
  ranks: { flag: '--ranks <n,…>', help: 'with --profile parallel: numbers of ranks', without: '1 to 8', parse: ranks },
  transport: {
    flag: '--transport <t>',
    help: 'with --profile parallel: run the ranks on a simulator, in threads (workers), or as processes of Open MPI (mpi)',
    without: 'simulated',
    choices: ['simulated', 'workers', 'mpi'],
  },
  hostfile: { flag: '--hostfile <file>', help: 'with --transport mpi: file that names the hosts of the ranks' },
  spec: {
    flag: '--spec <dir>',
    help: 'folder of your own operators/*.json, masks/*.json, profiles/*.json and schemes/*.json',
    parse: collect,
    default: [],
  },
  slow: {
    flag: '--slow <n>',
    help: 'also judge the built-in adapters that are slow to start or to call (browser, Python, software GPU), with n cases per check; with --profile parallel, the schemes of others',
    without: 'only those named by --adapter',
    parse: positiveInteger,
  },
  python: {
    flag: '--python <path>',
    help: 'interpreter of Python adapters',
    without: 'the first python3 that has the packages they need',
  },
  tmp: { flag: '--tmp <dir>', help: 'folder for the tensor files of process adapters', without: 'in memory, if there is room' },
  dialect: {
    flag: '--dialect <file|axis=value>',
    help: 'declare a dialect for an adapter that you cannot edit; the file is one that attn-cts probe --write wrote',
    parse: collect,
    default: [],
  },
} satisfies Table;

type Key = keyof Values;
type WithDefault = { [K in Key]: (typeof runOptions)[K] extends { default: unknown } ? K : never }[Key];

/** Values given by flags, by configuration key. */
export type RunFlags = Partial<Values>;

/** Values of a run, complete for options with a default. */
export type RunSettings = Omit<Pick<Values, WithDefault> & Partial<Omit<Values, WithDefault>>, 'dialect'> & { readonly dialect: Dialect };

/** Returns an option's help with its default and notes. @public for spec/generate/action.mjs */
export function helpOf(option: RunOption<unknown>, words = ofCommand): string {
  const { help, without, default: value, below } = option;
  const otherwise = without ?? (typeof value === 'number' || typeof value === 'string' ? value : undefined);
  const notes = [
    ...(isRepeatable(option) ? [words.repeatable] : []),
    ...(otherwise === undefined ? [] : [`default: ${otherwise}`]),
    ...(below && words.below ? [words.below] : []),
  ];
  return notes.length === 0 ? help : `${help} (${notes.join('; ')})`;
}

function isRepeatable({ parse }: RunOption<unknown>): boolean {
  return parse === (collect as RunOption<unknown>['parse']);
}

/** Every option with its key. */
export function entriesOfOptions(): [Key, RunOption<unknown>][] {
  return Object.entries(runOptions) as unknown as [Key, RunOption<unknown>][];
}

/** Options that several commands have and `run` has not. */
const shared = {
  json: { flag: '--json', help: 'print JSON' },
  param: { flag: '--param <name=value>', help: 'parameter of the mask', parse: collect },
  svg: { flag: '--svg <file>', help: 'write the picture as SVG' },
  capabilities: { flag: '--capabilities <file>', help: 'JSON file of the capabilities of your kernel' },
  adapterSource: { flag: '--adapter <id=a>', help: 'source of your own adapter', parse: collect },
  heads: { flag: '--heads <n>', help: 'query heads', parse: positiveInteger },
  keyHeads: { flag: '--key-heads <n>', help: 'key heads', parse: positiveInteger },
  dim: { flag: '--dim <n>', help: 'head size', parse: positiveInteger },
  batch: { flag: '--batch <n>', help: 'batch size', parse: positiveInteger },
};

/** Option of a command in the wording that all commands share. @param changes parts in which this command differs */
export function option(key: Key | keyof typeof shared, changes: Partial<RunOption<unknown>> = {}): Option {
  const described = { ...({ ...runOptions, ...shared }[key] as unknown as RunOption<unknown>), ...changes };
  const made = new Option(described.flag, helpOf(described));
  if (described.parse) made.argParser(described.parse);
  return described.choices ? made.choices(described.choices) : made;
}
