import type { FailureSummary, JsonNumber, Power, Timing } from '../../spec/types/documents.js';
import type { TrendPoint } from '../trend/trend.js';

/** Data that the site shows: what its first page needs, and parts that its other pages load as they need them. */
export interface SiteData {
  readonly index: SiteIndex;
  readonly parts: SiteParts;
}

/** Content of `data.js`, which every page needs. */
export interface SiteIndex {
  readonly title: string;
  /** Time at which the site was made, in ISO 8601. */
  readonly made: string;
  readonly runs: readonly RunData[];
  readonly implementations: readonly ImplementationData[];
  /** Ids of all checks, in order of first appearance; elsewhere an index into them stands for a check. */
  readonly ids: readonly string[];
  /** Checks of each profile: a character per id, 1 if the profile asks for the check, else 0. */
  readonly profiles: readonly { readonly name: string; readonly checks: string }[];
}

/** Contents of the files in `data/`, by name. */
export interface SiteParts {
  readonly causes: readonly CauseData[];
  readonly accuracy: AccuracyPart;
  readonly power: Power | null;
  readonly benches: readonly BenchData[];
  readonly simulations: readonly SimulationData[];
  readonly documents: DocumentsPart;
  /** Versions of the spec documents of each run. */
  readonly specs: readonly Readonly<Record<string, string>>[];
  /** Details of each implementation, in files of their own. */
  readonly implementations: readonly ImplementationDetails[];
}

/** Names of the parts that have one file each. */
export type PartName = Exclude<keyof SiteParts, 'implementations'>;

interface RunData {
  /** Name of the file as the user gave it. */
  readonly file: string;
  readonly suite: string;
  readonly seed: number;
  readonly runs: number;
  readonly started: string;
  readonly shard: string | null;
}

/** Implementation: an adapter of one version on one device. */
export interface ImplementationData {
  /** Unique name of the implementation in addresses of the site. */
  readonly key: string;
  readonly adapter: string;
  readonly title: string;
  readonly version: string | null;
  readonly device: string;
  /** File that tells the implementation apart from another one with its id and version. */
  readonly file?: string;
  /** Index of the run of this implementation. */
  readonly run: number;
  readonly dialect: Readonly<Record<string, { readonly value: string; readonly from: string; readonly deviates: boolean }>>;
  readonly unavailable?: { readonly reason: string; readonly remedy: string };
  readonly profiles: readonly ProfileData[];
  /** Verdicts as a letter of `verdictLetters` per id, in capitals if an expectation named it; `.` if the check was not asked. */
  readonly verdicts: string;
  /** Checks that it fails and that every other implementation that was judged passes. */
  readonly alone: readonly number[];
  /** Number of causes of its failures, and the worst of them. */
  readonly causes: number;
  readonly worst?: { readonly title: string; readonly class: string; readonly checks: number; readonly expected: boolean };
}

/** Verdicts of an implementation in a profile. */
export interface ProfileData {
  readonly name: string;
  /** Number of checks by verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly mustPass?: { readonly passed: number; readonly of: number };
  /** Badge, if anything was judged: its text, and the name of its files in `badges/`, without the ending. */
  readonly badge?: { readonly label: string; readonly message: string; readonly color: string; readonly file: string };
}

/** Details of an implementation. */
export interface ImplementationDetails {
  readonly environment: Readonly<Record<string, string>>;
  /** Texts of failure classes, reasons, coverages and output names; the first is empty. */
  readonly strings: readonly string[];
  /** Rows of the checks that were asked, in the order of ids. */
  readonly rows: readonly CheckRow[];
  readonly failures: readonly FailureData[];
  /** Versions of this adapter in the results, the oldest first, if there are several. */
  readonly history: readonly TrendPoint[];
}

/** Failures of an implementation with one cause. */
export interface CauseData {
  readonly implementation: number;
  readonly title: string;
  readonly verdict: string;
  readonly class: string;
  readonly hint?: string;
  /** Explanations that its cases leave, or why there is none, if there is no hint. */
  readonly open?: string;
  /** Places of the wrong elements of a larger case, if nothing explains them. */
  readonly where?: string;
  /** Wrong weights of the keys of one row of the smallest case, if nothing explains them. */
  readonly weights?: string;
  readonly why?: string;
  readonly link?: string;
  readonly finding?: string;
  readonly expected: boolean;
  readonly checks: readonly number[];
  /** Check with the smallest case, and that case in one line. */
  readonly smallest: number;
  readonly described?: string;
  /** Sizes with which it passes. */
  readonly passes?: string;
  readonly message?: string;
}

/** Page of an operator, a mask or a scheme. */
export interface DocumentData {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  /** Family of an operator. */
  readonly family?: string;
  /** Sections of text, each line of which is one of a formula or a list. */
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[]; readonly folded?: true }[];
  readonly source: readonly { readonly title: string; readonly url?: string }[];
  readonly picture?: Picture;
}

export type DocumentKind = 'operator' | 'mask' | 'scheme';
type DocumentsPart = readonly DocumentData[];

/** Errors of all implementations. */
interface AccuracyPart {
  readonly sums: readonly AccuracyData[];
  readonly warnings: readonly WarningData[];
  readonly numerics: readonly NumericData[];
}

/**
 * Row of numbers for one check: cases, cases drawn again, milliseconds, class, reason, coverage; then for each output its name, max error ÷
 * bound, max ULP, elements, undecided elements, and why they are. Texts are indices into `strings`.
 */
export type CheckRow = readonly JsonNumber[];

export interface FailureData {
  /** Index of the check. */
  readonly check: number;
  readonly summary: Omit<
    FailureSummary,
    'folder' | 'worst' | 'tensors' | 'call' | 'explanations' | 'entailed' | 'unexplained' | 'passesWith'
  >;
  /** Explanations that its cases leave, or why there is none, if there is no hint. */
  readonly open?: string;
  /** Failing case in one line. */
  readonly described: string;
  /** Sizes with which it passes. */
  readonly passes?: string;
  /** Case with the largest error among those met before shrinking, in one line. */
  readonly worst?: string;
  /** Inputs, expected values and answers, each as a name and a text; a property with several calls puts the failing call first. */
  readonly tensors?: [string, string][];
  /** Command line that runs the case again, if the failure has a folder. */
  readonly replay?: string;
  /** Files of the failure's folder that are copied into the site. */
  readonly files?: { readonly folder: string; readonly names: readonly string[] };
  /** Reason why no file was copied. */
  readonly uncopied?: string;
  /** Text in place of the kernel in the replay line, if the document cannot tell what was passed as `--adapter`. */
  readonly placeholder?: string;
  readonly pictures?: readonly Picture[];
  /** Reason why there are no pictures. */
  readonly unpictured?: string;
  /** End of the output that the host printed. */
  readonly printed?: string;
}

/** Values over rows and columns, few enough to be drawn. */
export interface Picture {
  /** Meaning of the cells: visible keys, error ÷ bound, weights as tenths of the largest, or ranks that own a token. */
  readonly kind: 'mask' | 'error' | 'weights' | 'ranks';
  readonly title: string;
  readonly down: string;
  readonly across: string;
  /** Number of rows that are drawn; `columns` is the number of columns. */
  readonly rows: number;
  readonly columns: number;
  /** Size of the matrix that the picture was drawn from. */
  readonly of: readonly [rows: number, columns: number];
  /** Cells in row-major order, a character each: a digit for a level (picture-levels.ts), N for not a number, a space for unknown. */
  readonly cells: string;
}

/** Errors of one output of an implementation, over all its checks of a dtype. */
export interface AccuracyData {
  readonly implementation: number;
  readonly dtype: string;
  readonly output: string;
  readonly elements: number;
  /** Number of elements with error ÷ bound in [0, 0.1), … [0.9, 1], and above 1. */
  readonly histogram: readonly number[];
  readonly maxOverBound: JsonNumber;
  readonly maxUlp: JsonNumber;
}

/** Warning about errors within their bounds: the worst one of an implementation, output and kind. */
export interface WarningData {
  readonly implementation: number;
  readonly output: string;
  readonly kind: 'accuracy' | 'bias' | 'zero-sign';
  readonly ratio: number;
  readonly text: string;
  /** Index of the check with this warning. */
  readonly check: number;
  /** Number of checks with such a warning. */
  readonly checks: number;
}

/** Numeric profile from which the error bounds of an implementation in one dtype are derived. */
export interface NumericData {
  readonly implementation: number;
  readonly dtype: string;
  readonly lines: Readonly<Record<string, string>>;
}

/** Timings of one bench document. */
export interface BenchData {
  /** Name of the file as the user gave it. */
  readonly file: string;
  readonly started: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly baseline: string | null;
  readonly timings: readonly TimingData[];
}

/** Timing of one candidate on one problem, in milliseconds. */
export interface TimingData {
  /** Name of the candidate: the key of an implementation, the id of an adapter without a result, or a scheme around either of them. */
  readonly candidate: string;
  /** Key of the implementation, if a result has this version of it. */
  readonly implementation?: string;
  /** Setting of the problem: everything but its mask and length. Timings of one setting are drawn together. */
  readonly setting: string;
  /** Name of the mask, with what flags chose of it. */
  readonly mask: string;
  /** Numbers that flags gave to parameters of the mask, each with the problem without it: a curve over them. */
  readonly swept?: readonly { readonly name: string; readonly value: number; readonly of: string }[];
  /** Number of keys. */
  readonly length: number;
  /** True if the device is a software device, which is not ranked against real ones. */
  readonly software: boolean;
  readonly verdict: Timing['verdict'];
  /** Reason why there is no time. */
  readonly reason?: string;
  /** Spread of the times, as a share of their median, if it is too large for the time to be published. */
  readonly spread?: number;
  readonly latency?: Pick<NonNullable<Timing['latency']>, 'p50' | 'p75' | 'p99' | 'mad' | 'samples'>;
  /** Ratio to the time of the baseline, measured interleaved with it. */
  readonly ratio?: Pick<NonNullable<Timing['ratio']>, 'p50' | 'low' | 'high'>;
  /** Rate in 10⁹ operations a second; only visible cells are counted. */
  readonly rate?: number;
  /** Peak memory, of the kernel or its whole process. */
  readonly peakBytes?: number;
  /** Ranks of a scheme, and the setting without their number: problems of one such setting show how it scales. */
  readonly world?: { readonly ranks: number; readonly setting: string };
  /** Times of the ranks, if a scheme was timed. */
  readonly ranks?: NonNullable<Timing['ranks']>;
  readonly warnings: readonly string[];
}

/** Simulated performance of schemes on a cluster: the part of a document of `simulate --json` that has one cluster and workload. */
export interface SimulationData {
  /** Name of the file as the user gave it. */
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
  /** Share of the ideal as a fraction; in the ideal, the same work is spread evenly and no message is sent. */
  readonly share: number;
  readonly seconds: number;
  readonly imbalance: number;
  /** Mean number of bytes that a rank sends in the forward pass. */
  readonly sentBytes: number;
  readonly peakBytes: number;
  readonly fits: boolean;
}
