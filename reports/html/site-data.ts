import type { FailureSummary, JsonNumber, Power, Timing } from '../../spec/types/documents.js';

/** What the site shows: everything in `data.js`. Each text that repeats is there once. */
export interface SiteData {
  readonly title: string;
  /** ISO 8601. */
  readonly made: string;
  readonly runs: readonly RunData[];
  readonly implementations: readonly ImplementationData[];
  /** Ids of all checks, in order of first appearance; an index into them stands for a check. */
  readonly ids: readonly string[];
  /** Of each profile, a character per id: 1 where it asks for the check. */
  readonly profiles: readonly { readonly name: string; readonly checks: string }[];
  /** Classes, reasons, coverages and names of outputs; the first is empty. */
  readonly strings: readonly string[];
  readonly failures: readonly FailureData[];
  readonly accuracy: readonly AccuracyData[];
  readonly power?: Power;
  readonly warnings: readonly WarningData[];
  readonly numerics: readonly NumericData[];
  readonly benches: readonly BenchData[];
  readonly simulations: readonly SimulationData[];
}

interface RunData {
  /** As it was named. */
  readonly file: string;
  readonly suite: string;
  readonly seed: number;
  readonly runs: number;
  readonly started: string;
  readonly shard: string | null;
  /** Version of every spec document judged by. */
  readonly spec: Readonly<Record<string, string>>;
}

/** An adapter × version × device. */
export interface ImplementationData {
  /** Names it in an address: unique. */
  readonly key: string;
  readonly adapter: string;
  readonly title: string;
  readonly version: string | null;
  readonly device: string;
  /** Index of its run. */
  readonly run: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly dialect: Readonly<Record<string, { readonly value: string; readonly from: string; readonly deviates: boolean }>>;
  readonly unavailable?: { readonly reason: string; readonly remedy: string };
  /** Checks by verdict, of each profile. */
  readonly tallies: readonly { readonly profile: string; readonly verdicts: Readonly<Record<string, number>> }[];
  /** A letter per id: `verdictLetters`, `.` where it was not asked. */
  readonly verdicts: string;
  /** Of the checks that were asked, in order of ids. */
  readonly rows: readonly CheckRow[];
}

/** cases, undecided, milliseconds, expectation (0 none, 1 a failure, 2 no longer a failure), class, reason, coverage; then for each output its name, max error ÷ bound, max ULP, elements. Texts are indices. */
export type CheckRow = readonly JsonNumber[];

export interface FailureData {
  /** Indices. */
  readonly implementation: number;
  readonly check: number;
  readonly summary: Omit<FailureSummary, 'folder' | 'worst' | 'tensors' | 'call'>;
  /** The case in one line. */
  readonly described: string;
  /** The case that was furthest off before it shrank, in one line. */
  readonly worst?: string;
  /** Inputs, expected values and answers, a name and a text each; first the call, where there are several. */
  readonly tensors?: [string, string][];
  /** The line that runs it again, where there is a folder of it. */
  readonly replay?: string;
  /** What of its folder is in the site. */
  readonly files?: { readonly folder: string; readonly names: readonly string[] };
  /** Why it is not. */
  readonly uncopied?: string;
  /** What stands for the kernel in the line, where the document cannot know what `--adapter` named. */
  readonly placeholder?: string;
  readonly pictures?: readonly Picture[];
  /** Why there are none. */
  readonly unpictured?: string;
  /** The end of what the host printed. */
  readonly printed?: string;
}

/** Values over rows and columns, small enough to be drawn. */
export interface Picture {
  readonly kind: 'mask' | 'error';
  readonly title: string;
  readonly down: string;
  readonly across: string;
  /** What is drawn. */
  readonly rows: number;
  readonly columns: number;
  /** What it was drawn from. */
  readonly of: readonly [rows: number, columns: number];
  /** A character per cell, row-major: a digit is a level (picture-levels.ts), N not a number, a space nothing known. */
  readonly cells: string;
}

/** Errors of one output of an implementation, over all its checks of a dtype. */
export interface AccuracyData {
  readonly implementation: number;
  readonly dtype: string;
  readonly output: string;
  readonly elements: number;
  /** error ÷ bound in [0, 0.1), … [0.9, 1], above 1. */
  readonly histogram: readonly number[];
  readonly maxOverBound: JsonNumber;
  readonly maxUlp: JsonNumber;
}

/** What is odd about errors within their bounds: the worst of an implementation, output and kind. */
export interface WarningData {
  readonly implementation: number;
  readonly output: string;
  readonly kind: 'accuracy' | 'bias';
  readonly ratio: number;
  readonly text: string;
  /** Index of the check that has it. */
  readonly check: number;
  /** How many checks have one. */
  readonly checks: number;
}

/** What the bounds of an implementation's errors of a dtype are derived from. */
export interface NumericData {
  readonly implementation: number;
  readonly dtype: string;
  readonly lines: Readonly<Record<string, string>>;
}

/** A bench document. */
export interface BenchData {
  /** As it was named. */
  readonly file: string;
  readonly started: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly baseline: string | null;
  readonly timings: readonly TimingData[];
}

/** One problem that a candidate was timed on. Milliseconds. */
export interface TimingData {
  /** An implementation by its key, or an adapter without a result by its id; or a scheme with one inside. */
  readonly candidate: string;
  /** Key of the implementation, where a result has it. */
  readonly implementation?: string;
  /** Everything but mask and length: timings of one setting are drawn together. */
  readonly setting: string;
  readonly mask: string;
  /** Keys. */
  readonly length: number;
  /** The device is software: not to be ranked against real ones. */
  readonly software: boolean;
  readonly verdict: Timing['verdict'];
  /** Why it has no time. */
  readonly reason?: string;
  readonly latency?: Pick<NonNullable<Timing['latency']>, 'p50' | 'p75' | 'p99' | 'mad' | 'samples'>;
  /** To the baseline's, measured interleaved with it. */
  readonly ratio?: Pick<NonNullable<Timing['ratio']>, 'p50' | 'low' | 'high'>;
  /** 10⁹ operations a second, by visible cells. */
  readonly rate?: number;
  /** Of a scheme. */
  readonly ranks?: NonNullable<Timing['ranks']>;
  readonly warnings: readonly string[];
}

/** What schemes would do on a cluster: a document of `simulate --json`, or what of it has one cluster and workload. */
export interface SimulationData {
  /** As it was named. */
  readonly file: string;
  readonly cluster: string;
  readonly workload: string;
  readonly points: readonly SimulationPoint[];
  readonly refused: readonly string[];
}

export interface SimulationPoint {
  readonly scheme: string;
  readonly ranks: number;
  readonly tokens: number;
  /** Of the ideal. */
  readonly share: number;
  readonly seconds: number;
  readonly imbalance: number;
  /** By a rank. */
  readonly sentBytes: number;
  readonly peakBytes: number;
  readonly fits: boolean;
}
