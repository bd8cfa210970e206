import type { FailureSummary, JsonNumber, Power, Timing } from '../../spec/types/documents.js';
import type { TrendPoint } from '../trend/trend.js';

/** Data of the first page, and parts that other pages load on demand. */
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
  /** Ids of all checks, in order of first appearance; other data refer to their indices. */
  readonly ids: readonly string[];
  /** Checks of each profile: a character per id, 1 if the profile has the check, else 0. */
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
  readonly specs: readonly Readonly<Record<string, string>>[];
  readonly implementations: readonly ImplementationDetails[];
}

/** Names of the parts that have one file each. */
export type PartName = Exclude<keyof SiteParts, 'implementations'>;

interface RunData {
  readonly file: string;
  readonly suite: string;
  readonly seed: number;
  readonly runs: number;
  readonly started: string;
  readonly shard: string | null;
}

/** Adapter of one version on one device. */
export interface ImplementationData {
  readonly key: string;
  readonly adapter: string;
  readonly title: string;
  readonly version: string | null;
  readonly device: string;
  /** File that separates it from another implementation with its id and version. */
  readonly file?: string;
  readonly run: number;
  readonly dialect: Readonly<Record<string, { readonly value: string; readonly from: string; readonly deviates: boolean }>>;
  readonly unavailable?: { readonly reason: string; readonly remedy: string };
  readonly profiles: readonly ProfileData[];
  /** A letter of `verdictLetters` per id, in capitals if expected; `.` if not judged. */
  readonly verdicts: string;
  /** Checks that only it fails and at least one implementation passes. */
  readonly alone: readonly number[];
  readonly causes: number;
  readonly worst?: { readonly title: string; readonly class: string; readonly checks: number; readonly expected: boolean };
}

/** Verdicts of an implementation in a profile. */
export interface ProfileData {
  readonly name: string;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly mustPass?: { readonly passed: number; readonly of: number };
  /** Badge of a judged profile, and its file name in `badges/`, without the ending. */
  readonly badge?: { readonly label: string; readonly message: string; readonly color: string; readonly file: string };
}

export interface ImplementationDetails {
  readonly environment: Readonly<Record<string, string>>;
  /** Texts of classes, reasons, coverages and outputs; the first is empty. */
  readonly strings: readonly string[];
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
  /** Remaining explanations, or the reason why no explanation fits, if there is no hint. */
  readonly open?: string;
  readonly where?: string;
  readonly weights?: string;
  readonly why?: string;
  readonly link?: string;
  readonly finding?: string;
  readonly expected: boolean;
  readonly checks: readonly number[];
  /** Check with the smallest case, described in one line. */
  readonly smallest: number;
  readonly described?: string;
  readonly passes?: string;
  readonly message?: string;
}

/** Page of an operator, a mask or a scheme. */
export interface DocumentData {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly family?: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[]; readonly folded?: true }[];
  readonly source: readonly { readonly title: string; readonly url?: string }[];
  readonly picture?: Picture;
}

export type DocumentKind = 'operator' | 'mask' | 'scheme';
type DocumentsPart = readonly DocumentData[];

interface AccuracyPart {
  readonly sums: readonly AccuracyData[];
  readonly warnings: readonly WarningData[];
  readonly numerics: readonly NumericData[];
}

/**
 * Numbers of one check: cases, redrawn cases, milliseconds, class, reason, coverage; then for each
 * output its name, max error ÷ bound, max ULP, elements, undecided elements, and the reason. Texts
 * are indices into `strings`.
 */
export type CheckRow = readonly JsonNumber[];

export interface FailureData {
  readonly check: number;
  readonly summary: Omit<
    FailureSummary,
    'folder' | 'worst' | 'tensors' | 'call' | 'explanations' | 'entailed' | 'unexplained' | 'passesWith'
  >;
  /** Remaining explanations, or the reason why no explanation fits, if there is no hint. */
  readonly open?: string;
  readonly described: string;
  readonly passes?: string;
  /** Case with the largest error before shrinking, in one line. */
  readonly worst?: string;
  /** Inputs, expected values and answers as pairs of name and text, the failing call first. */
  readonly tensors?: [string, string][];
  /** Command line that runs the case again, if the failure has a folder. */
  readonly replay?: string;
  readonly files?: { readonly folder: string; readonly names: readonly string[] };
  readonly uncopied?: string;
  /** Placeholder in the replay line for an unknown value of `--adapter`. */
  readonly placeholder?: string;
  readonly pictures?: readonly Picture[];
  readonly unpictured?: string;
  readonly printed?: string;
}

/** Values over rows and columns, few enough to be drawn. */
export interface Picture {
  /** Visible keys, error ÷ bound, weights in ninths of the largest, or ranks that own a token. */
  readonly kind: 'mask' | 'error' | 'weights' | 'ranks';
  readonly title: string;
  readonly down: string;
  readonly across: string;
  readonly rows: number;
  readonly columns: number;
  readonly of: readonly [rows: number, columns: number];
  /** Row-major characters: levels (picture-levels.ts), N for NaN, a space for unknown. */
  readonly cells: string;
}

/** Errors of an output of an implementation, over all checks of a dtype. */
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

/** Worst warning about errors within their bounds, by implementation, output and kind. */
export interface WarningData {
  readonly implementation: number;
  readonly output: string;
  readonly kind: 'accuracy' | 'bias' | 'zero-sign';
  readonly ratio: number;
  readonly text: string;
  readonly check: number;
  /** Number of checks with this kind of warning. */
  readonly checks: number;
}

/** Numeric profile of an implementation's error bounds in one dtype. */
export interface NumericData {
  readonly implementation: number;
  readonly dtype: string;
  readonly lines: Readonly<Record<string, string>>;
}

/** Timings of one bench document. */
export interface BenchData {
  readonly file: string;
  readonly started: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly baseline: string | null;
  readonly timings: readonly TimingData[];
}

/** Timing of one candidate on one problem, in milliseconds. */
export interface TimingData {
  /** Key of an implementation, id of an adapter without a result, or a scheme around either. */
  readonly candidate: string;
  /** Key of the implementation, if a result has this version of it. */
  readonly implementation?: string;
  /** Problem without mask and length. Timings of one setting are drawn together. */
  readonly setting: string;
  /** Name of the mask, with the parameters that flags chose. */
  readonly mask: string;
  /** Numbers that flags gave to the mask's parameters, each with the rest of the problem. */
  readonly swept?: readonly { readonly name: string; readonly value: number; readonly of: string }[];
  readonly length: number;
  /** True for a software device, which is not ranked against real devices. */
  readonly software: boolean;
  readonly verdict: Timing['verdict'];
  readonly reason?: string;
  /** Spread of the times as a share of their median, if too large to publish the time. */
  readonly spread?: number;
  readonly latency?: Pick<NonNullable<Timing['latency']>, 'p50' | 'p75' | 'p99' | 'mad' | 'samples'>;
  readonly ratio?: Pick<NonNullable<Timing['ratio']>, 'p50' | 'low' | 'high'>;
  /** Rate in 10⁹ operations a second, counting visible cells. */
  readonly rate?: number;
  readonly peakBytes?: number;
  /** Ranks of a scheme, and the setting without their number, to show scaling. */
  readonly world?: { readonly ranks: number; readonly setting: string };
  readonly ranks?: NonNullable<Timing['ranks']>;
  readonly warnings: readonly string[];
}

/** Simulated schemes on one cluster with one workload. */
export interface SimulationData {
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
  /** Fraction of the ideal, in which work is even and no message is sent. */
  readonly share: number;
  readonly seconds: number;
  readonly imbalance: number;
  /** Mean number of bytes that a rank sends in the forward pass. */
  readonly sentBytes: number;
  readonly peakBytes: number;
  readonly fits: boolean;
}
