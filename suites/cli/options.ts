import { speeds } from '../../generators/space/budget.js';
import type { Config, Dialect } from '../../spec/types/documents.js';
import type { Shard } from '../plan/shards/shard.js';
import { defaults } from './defaults.js';
import { collect, positiveInteger, ranks, seconds, seed, shard } from './values.js';

/** An option of `attn-cts run`: a flag, and a key of the configuration. */
interface RunOption<T> {
  /** Flag with its argument, as help shows it. */
  readonly flag: string;
  readonly help: string;
  /** Reads the argument. Absent: the flag takes none, or a text as it is. @throws {InvalidArgumentError} saying what is allowed. */
  readonly parse?: (text: string, previous: T | undefined) => T;
  readonly choices?: readonly string[];
  /** Value where neither the flag nor the configuration is given. Help shows numbers and texts. */
  readonly default?: T;
}

/** Values of options that concern one run: no configuration has them. */
interface OfOneRun {
  readonly updateExpectations: boolean;
  readonly shard: Shard;
  readonly writeCosts: string;
  readonly resume: boolean;
}

/** Values of all options, by the key of the configuration. Axes of a dialect are given one by one. */
type Values = Required<Omit<Config, '$schema' | 'dialect' | 'ranks'>> & { dialect: string[]; ranks: number[] } & OfOneRun;

type Table = { readonly [Key in keyof Values]: RunOption<Values[Key]> };

/** Every option of `attn-cts run`, in the order of its help. What the command line reads, the configuration may say. */
const runOptions = {
  adapters: {
    flag: '--adapter <a>',
    help: 'a built-in id, or a kernel of your own: see below (default: every built-in in this process)',
    parse: collect,
    default: [],
  },
  profiles: {
    flag: '--profile <p>',
    help: 'a profile, such as core (default: all but longca and parallel, which take long)',
    parse: collect,
    default: [],
  },
  filter: { flag: '--filter <id-glob>', help: 'only the checks that match', parse: collect, default: [] },
  seed: {
    flag: '--seed <n|random>',
    help: 'what the cases are drawn from; random: drawn after the adapters have started, and printed',
    parse: seed,
    default: defaults.seed,
  },
  runs: { flag: '--runs <n>', help: 'cases per check; +all has four times as many', parse: positiveInteger, default: defaults.runs },
  speed: {
    flag: '--speed <class>',
    help: 'how fast the adapters are: so large are their largest cases (default: each is measured at its start)',
    choices: speeds,
  },
  timeLimit: { flag: '--time-limit <s>', help: 'seconds for the whole run; what is left is not run (default: none)', parse: seconds },
  hunt: {
    flag: '--hunt <s>',
    help: 'seconds to look for the cases with the largest error ÷ bound, after the drawn ones (default: none)',
    parse: seconds,
  },
  timeout: { flag: '--timeout <s>', help: 'seconds a call may take', parse: seconds, default: defaults.timeout },
  startTimeout: {
    flag: '--start-timeout <s>',
    help: 'seconds an adapter may take to start',
    parse: seconds,
    default: defaults.startTimeout,
  },
  jobs: { flag: '--jobs <n>', help: 'checks at a time (default: the number of cores)', parse: positiveInteger },
  expectations: { flag: '--expectations <file>', help: 'file of known failures; exit 1 only for new ones, or known ones that now pass' },
  updateExpectations: {
    flag: '--update-expectations',
    help: 'rewrite that file by what this run finds; why a new one fails is left for you to say',
    default: false,
  },
  corpus: { flag: '--corpus <dir>', help: 'saved failures, tried before all else; new ones are added' },
  shard: { flag: '--shard <i/n>', help: 'only the i-th of n parts of the plan; attn-cts merge joins their results', parse: shard },
  costs: { flag: '--costs <file>', help: 'how long checks take, to make shards equally long; every shard needs the same file' },
  writeCosts: { flag: '--write-costs <file>', help: 'write how long the checks of this run took' },
  reporters: {
    flag: '--reporter <r[=file]>',
    help: `to a file or to standard output: see below (default: ${defaults.reporter})`,
    parse: collect,
    default: [defaults.reporter],
  },
  out: { flag: '--out <dir>', help: 'result.json, the journal and the failure folders', default: defaults.out },
  resume: { flag: '--resume', help: 'go on with the run in --out where it stopped', default: false },
  bail: { flag: '--bail <n>', help: 'stop after so many unexpected failures', parse: positiveInteger },
  allowIncomplete: {
    flag: '--allow-incomplete',
    help: 'checks that were not run do not change the exit code',
    default: false,
  },
  failOnWarnings: { flag: '--fail-on-warnings', help: 'accuracy warnings make exit code 1, as failures do', default: false },
  schemes: {
    flag: '--scheme <s>',
    help: 'with --profile parallel: test only this scheme (repeatable; default: all, with the kernel inside)',
    parse: collect,
  },
  ranks: { flag: '--ranks <n,…>', help: 'on how many ranks (default: 1 to 8)', parse: ranks },
  transport: {
    flag: '--transport <t>',
    help: 'how ranks talk: on one simulated machine, in threads, or by Open MPI',
    choices: ['simulated', 'workers', 'mpi'],
  },
  hostfile: { flag: '--hostfile <file>', help: 'of Open MPI: the hosts of the ranks' },
  spec: {
    flag: '--spec <dir>',
    help: 'operators/*.json, masks/*.json and profiles/*.json of your own',
    parse: collect,
    default: [],
  },
  slow: {
    flag: '--slow <n>',
    help: 'also judge the built-ins that are slow to start or to call (browser, Python, software GPU), at n cases per check',
    parse: positiveInteger,
  },
  python: { flag: '--python <path>', help: 'the interpreter of Python adapters (default: the first python3 that has what they need)' },
  tmp: { flag: '--tmp <dir>', help: 'where the tensor files of process adapters go (default: in memory where there is room)' },
  dialect: {
    flag: '--dialect <file|axis=value>',
    help: 'declare a dialect for adapters that cannot be edited',
    parse: collect,
    default: [],
  },
} satisfies Table;

type Key = keyof Values;
type WithDefault = { [K in Key]: (typeof runOptions)[K] extends { default: unknown } ? K : never }[Key];

/** Values that flags give, by the key of the configuration. */
export type RunFlags = Partial<Values>;

/** Values of a run: those with a default are always there. */
export type RunSettings = Omit<Pick<Values, WithDefault> & Partial<Omit<Values, WithDefault>>, 'dialect'> & { readonly dialect: Dialect };

/** Help of an option, with its default. */
export function helpOf({ help, default: value }: RunOption<unknown>): string {
  return typeof value === 'number' || typeof value === 'string' ? `${help} (default: ${value})` : help;
}

/** Every option with its key. */
export function entriesOfOptions(): [Key, RunOption<unknown>][] {
  return Object.entries(runOptions) as unknown as [Key, RunOption<unknown>][];
}
