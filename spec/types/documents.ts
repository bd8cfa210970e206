// Generated from spec/schema by `npm run generate`. Do not edit.
/**
 * A mask by name, or composed.
 */
export type Mask = NamedMask | AndMask | OrMask | NotMask | PerHeadMask;
/**
 * @minItems 1
 */
export type Masks = Mask[];
export type DType = 'f64' | 'f32' | 'f16' | 'bf16' | 'f8e4m3' | 'f8e5m2';
export type Layout = 'bhld' | 'blhd' | 'thd';
export type Distribution =
  | 'integers'
  | 'normal'
  | 'uniform'
  | 'heavy-tailed'
  | 'peaked'
  | 'peaked-40'
  | 'near-tied'
  | 'offset'
  | 'planted'
  | 'sunk'
  | 'targeted'
  | 'counted'
  | 'codebook'
  | 'subnormal'
  | 'dyadic'
  | 'one-hot'
  | 'poison'
  | 'visibility';
export type Change =
  | ElementChange
  | OptionChange
  | MaskChange
  | PackedChange
  | Fill
  | PartOfInputs
  | Permutation
  | LaterTokens
  | TokenRun
  | PlantedScore
  | ScoreShift;
export type Operation =
  CreateOperation | AppendOperation | ForkOperation | FreeOperation | EvictOperation | PermuteOperation | ReuseOperation;
/**
 * @minItems 2
 * @maxItems 2
 */
export type Range = [number, number];
/**
 * @minItems 1
 */
export type Segments = Positions[];
/**
 * A number, the name of a value, or [operation, operand, …].
 */
export type Expression = number | string | Expression[];
export type Limit = number[] | string | LimitRange;
/**
 * A class of an implementation's speed, by which the largest of its cases are drawn.
 */
export type Speed = 'slow' | 'medium' | 'fast';
/**
 * Format of stored codes: OCP FP8 `e4m3` (no infinity, NaN 7F and FF) and `e5m2`, `e2m1` (0 to 6), the powers of two `e8m0`, a byte each; `int8`; `int4`, 0 to 15 for −8 to 7; and `f16` and `f32`, whose codes are the numbers themselves.
 */
export type CodeFormat = 'e4m3' | 'e5m2' | 'e2m1' | 'e8m0' | 'int8' | 'int4' | 'f16' | 'f32';
/**
 * A number; those that JSON lacks are strings.
 */
export type JsonNumber = number | ('NaN' | 'Infinity' | '-Infinity' | '-0');
/**
 * Numbers of the papers that this suite began with, 1 to 119, of which the document is a part or the whole; `by` says by what, where the title does not.
 *
 * @minItems 1
 */
export type Rows = (number | RowBy)[];
/**
 * Other names of the definition, as papers, libraries and users call it, and models that compute it; `by` says which part of the model, or with which options.
 *
 * @minItems 1
 */
export type Also = (string | AlsoModel)[];
export type Verdict = 'pass' | 'fail' | 'crash' | 'timeout' | 'unsupported' | 'unavailable' | 'not-run' | 'error';
/**
 * Known failures. A failure of another class, or outside `when`, is new.
 */
export type Expectations = Expectation[];
/**
 * Explanations that fit every case that was tried: those of the hint or, without one, those that the cases leave.
 *
 * @minItems 1
 */
export type Explanations = Explanation[];
/**
 * Sizes with each of which, in place of its own, the smallest case passes: one less of an axis, or of two that a kernel takes of one size alone. Of sizes above 4, where the case fails each time.
 *
 * @minItems 1
 */
export type PassingSizes = PassingDims[];
/**
 * A number; those that JSON lacks are strings.
 */
export type JsonNumber1 = number | ('NaN' | 'Infinity' | '-Infinity' | '-0');
/**
 * Interval x has the lengths from edge x up to, and without, edge x + 1; each larger than the one before.
 *
 * @minItems 2
 */
export type Edges = number[];
/**
 * How often each interval is drawn, in proportion; one fewer than edges.
 *
 * @minItems 1
 */
export type Weights = number[];
export type Term = number | string | (Term | TermAttributes)[];
export type NativeArgument = string | NativeArgumentValue;
export type AxisRule = DrawnAxis | SameAxis | ComputedAxis;
export type OperatorInput = Axes | DescribedInput;
export type Axes = string[];
/**
 * Format of stored codes: OCP FP8 `e4m3` (no infinity, NaN 7F and FF) and `e5m2`, `e2m1` (0 to 6), the powers of two `e8m0`, a byte each; `int8`; `int4`, 0 to 15 for −8 to 7; and `f16` and `f32`, whose codes are the numbers themselves.
 */
export type CodeFormat1 = 'e4m3' | 'e5m2' | 'e2m1' | 'e8m0' | 'int8' | 'int4' | 'f16' | 'f32';
/**
 * Format of stored codes: OCP FP8 `e4m3` (no infinity, NaN 7F and FF) and `e5m2`, `e2m1` (0 to 6), the powers of two `e8m0`, a byte each; `int8`; `int4`, 0 to 15 for −8 to 7; and `f16` and `f32`, whose codes are the numbers themselves.
 */
export type CodeFormat2 = 'e4m3' | 'e5m2' | 'e2m1' | 'e8m0' | 'int8' | 'int4' | 'f16' | 'f32';
/**
 * Its type, where it is not that of the case: what models keep in f32 beside narrower q, k and v. In f64 cases it is f64.
 */
export type DType1 = 'f64' | 'f32' | 'f16' | 'bf16' | 'f8e4m3' | 'f8e5m2';
/**
 * A number, the name of a value, or [operation, operand, …].
 */
export type Expression1 = number | string | Expression[];
/**
 * A number, the name of a value, or [operation, operand, …].
 */
export type Expression2 = number | string | Expression[];
/**
 * [name, term], [name, term, attributes] or [name, loop]: a term is a number, a name, or [primitive, operand, …, attributes?].
 */
export type Statement = [string, Loop | Term] | [string, Term, StatementAttributes];
/**
 * Statements once for each place along an axis, ["fold", axis, states, statements, results], or so many times, ["repeat", count, states, statements, results]. Inside, a state is what the statements left in it, and what has the axis of a fold is seen at one place. The loop is what it collects; without `collect`, its first state after the last step.
 *
 * @minItems 5
 * @maxItems 5
 */
export type Loop = ['fold' | 'repeat', Expression, LoopStates, Statement[], LoopResults];
export type Law = NamedLaw | LinearLaw | PermutationLaw | ConvexLaw | ReducesLaw | SplitLaw;
/**
 * `causal`: a query sees no later token.
 */
export type NamedLaw = 'causal';
/**
 * Process protocol 1: what a process is told, one JSON line each.
 */
export type ProcessCommand = ProcessStartCommand | ProcessCallCommand | ProcessStopCommand;
/**
 * Released versions, the oldest first, which `project history` judges before the version of `python`.
 */
export type ReleasedVersion = Release[];
/**
 * A number; those that JSON lacks are strings.
 */
export type JsonNumber2 = number | ('NaN' | 'Infinity' | '-Infinity' | '-0');
export type Volume = VolumeTerm[];
export type Balance =
  | Expression
  | {
      most: Expression;
    };
/**
 * What `simulate --json` prints: what schemes would do on a cluster. Seconds and bytes.
 */
export type Simulations = (Simulated | RefusedSimulation)[];
/**
 * Workgroups in x, y and z, each rounded up to a whole number.
 *
 * @minItems 1
 * @maxItems 3
 */
export type WgslWorkgroups = Expression[];
/**
 * Several entry points, one after the other, in place of entry and workgroups.
 *
 * @minItems 1
 */
export type WgslPasses = WgslPass[];
/**
 * @minItems 1
 */
export type WgslBindings = WgslBinding[];

/**
 * Every kind of document, by name.
 */
export interface Documents {
  bench: Bench;
  capabilities: Capabilities;
  case: Case;
  cluster: Cluster;
  common: Common;
  config: Config;
  costs: Costs;
  expectations: Expectations;
  failure: Failure;
  flashInferAudit: FlashInferAudit;
  implementations: Implementations;
  kernelVerdict: KernelVerdict;
  lengthDistribution: LengthDistribution;
  macro: Macro;
  maskSpec: MaskSpec;
  mustPass: MustPass;
  nativeManifest: NativeManifest;
  numerics: Numerics;
  onnxManifest: OnnxManifest;
  operator: Operator;
  power: Power;
  probe: Probe;
  problemVerdict: ProblemVerdict;
  processCommand: ProcessCommand;
  processReply: ProcessReply;
  processStart: ProcessStart;
  profile: Profile;
  projectDocument: ProjectDocument;
  result: Result;
  scheme: Scheme;
  simulations: Simulations;
  undefinedOperators: UndefinedOperators;
  vectors: Vectors;
  wgslManifest: WgslManifest;
}
/**
 * How fast adapters are, of which the answers were judged. Durations in milliseconds.
 */
export interface Bench {
  format: 1;
  /**
   * Version of attention-cts.
   */
  suite: string;
  spec: {
    [k: string]: string;
  };
  seed: number;
  /**
   * ISO 8601.
   */
  started: string;
  machine: Environment;
  /**
   * The adapter, or scheme, that was timed in between all others.
   */
  baseline: string | null;
  adapters: BenchAdapter[];
  timings: Timing[];
  /**
   * Written last.
   */
  complete: boolean;
}
export interface Environment {
  [k: string]: string;
}
export interface BenchAdapter {
  id: string;
  title: string;
  version: string | null;
  environment: Environment;
  /**
   * Its device is software: not to be ranked against real ones.
   */
  software: boolean;
  unavailable?: BenchUnavailable;
}
export interface BenchUnavailable {
  reason: string;
  remedy: string;
}
export interface Timing {
  adapter: string;
  /**
   * With the values of its first call; every other call has other values.
   */
  case: Case;
  pass: 'forward' | 'backward';
  swept?: Swept;
  /**
   * timed, or why there is no time: a wrong answer, or one that a kernel did not give, has none; nor has one on a machine too busy to check the kernel's clock (inconclusive), nor what the budget of time left out (skipped).
   */
  verdict: 'timed' | 'wrong' | 'failed' | 'inconclusive' | 'unsupported' | 'unavailable' | 'skipped';
  reason?: string;
  /**
   * By the exact number of visible cells.
   */
  flops: number;
  /**
   * Whose clock it was: the device's events, or that of the process around a call.
   */
  method?: 'device' | 'wall';
  latency?: Latency;
  ratio?: Ratio;
  /**
   * Median of the second half of the calls ÷ that of the first.
   */
  drift?: number;
  /**
   * Median of what the calls took as seen from outside of the kernel's process, messages included.
   */
  outside?: number;
  /**
   * As the kernel tells, or the most that its process had.
   */
  peakBytes?: number;
  ranks?: RankLatencies;
  /**
   * Timed calls whose answers were judged.
   */
  judged?: number;
  warnings: string[];
}
/**
 * One concrete problem. Its tensors are a function of this document alone.
 */
export interface Case {
  operator: string;
  dims: Dims;
  mask: Mask;
  options: Options;
  dtype: DType;
  layout: Layout;
  dialect?: Dialect;
  values: Values;
  /**
   * Lengths of the parts into which the keys are cut (lse-merge); zeros allowed; they add up to n.
   *
   * @minItems 1
   */
  split?: number[];
  views?: Views;
  packed?: Packed;
  /**
   * How a KV cache came to what it holds: this call is its last append, with dims b = its sequences, m = its tokens, n = the longest sequence after it. A cache is contiguous unless its first operation creates it in pages. Or, without a cache, which calls reuse an output.
   *
   * @minItems 1
   * @maxItems 64
   */
  history?: Operation[];
  parallel?: Parallel;
  block?: Block;
}
/**
 * Sizes of the axes: batch, key heads, query heads per key head, queries, keys, head size of q and k, head size of v.
 */
export interface Dims {
  b: number;
  hk: number;
  g: number;
  m: number;
  n: number;
  d: number;
  e: number;
  [k: string]: number;
}
export interface NamedMask {
  name: string;
  parameters?: MaskParameters;
}
export interface MaskParameters {
  [k: string]: number | string | number[];
}
export interface AndMask {
  and: Masks;
}
export interface OrMask {
  or: Masks;
}
export interface NotMask {
  not: Mask;
}
/**
 * Query head h has mask h mod the list's length.
 */
export interface PerHeadMask {
  heads: Masks;
}
/**
 * A number, or true where a tensor of that name comes along. An absent option has its default.
 */
export interface Options {
  [k: string]: number | true;
}
/**
 * How an implementation fills in what the field leaves open. An absent axis has its default, the first value.
 */
export interface Dialect {
  causal?: 'bottom-right' | 'top-left';
  emptyOutput?: 'zero' | 'nan' | 'mean';
  emptyLse?: '-inf' | '+inf' | 'zero' | 'nan' | 'finite';
  maskedNaN?: 'shielded' | 'leaks';
  lseBase?: 'e' | '2';
  lseSink?: 'included' | 'excluded';
  heads?: 'grouped' | 'tiled';
  window?: 'inclusive' | 'exclusive';
  softcap?: 'before-mask' | 'after-mask';
  bias?: 'after-softcap' | 'before-softcap';
  booleanMask?: 'keep' | 'drop';
  defaultScale?: '1/sqrt(d)' | '1';
  defaultEps?: '1e-6' | '1e-5' | '1e-8' | '1e-10' | '1e-12' | '0';
  alibi?: 'relative' | 'distance' | 'key';
}
export interface Values {
  distribution: Distribution;
  seed: number;
  /**
   * Of cases saved before there was `transform`: one change, of v where the seed is even, else of k.
   */
  changed?: true;
  /**
   * What is changed, one thing after the other, against the case without this list. In the case of a call: how its tensors differ from those that the seed gives. In the case of a check that makes such calls (stateless): what it changes from one call to the next.
   *
   * @minItems 1
   * @maxItems 32
   */
  transform?: Change[];
  /**
   * What fills the slots (b, hk, j) that no query of the group sees.
   */
  poison?: 'nan' | 'inf' | '-inf' | 'huge' | 'finite';
  /**
   * Makes v one-hot, so that o shows the weights: which key the first column of v stands for.
   */
  columns?: number;
  /**
   * Makes do one-hot, and every other cotangent zero, so that dv shows the weights of a backward pass: which query the first column of do stands for, counted over the query heads of a key head.
   */
  queries?: number;
  /**
   * How many rows of queries, over all batch entries and heads, are judged; in a backward pass do and dlse are zero in all others. The seed says which. Absent: every row.
   */
  rows?: number;
}
/**
 * One element in the far half of this input is another; of `mask`, which must travel dense, one cell, in every batch entry and head; of `block_table`, one page; of `cache_lengths`, one length is less by one.
 */
export interface ElementChange {
  change: string;
}
/**
 * An option has another value.
 */
export interface OptionChange {
  change: string;
  to: number;
}
/**
 * The mask is another.
 */
export interface MaskChange {
  change: 'mask';
  to: Mask;
}
/**
 * Packed documents have other lengths.
 */
export interface PackedChange {
  change: 'packed';
  to: Packed;
}
export interface Packed {
  q: number[];
  k: number[];
}
/**
 * Every element of this input is one number.
 */
export interface Fill {
  fill: string;
  with: number;
}
/**
 * Half of the elements of these inputs are 0: the parts 0 and 1 add up to the whole.
 */
export interface PartOfInputs {
  part: 0 | 1;
  /**
   * @minItems 1
   */
  of: string[];
}
/**
 * These inputs are permuted along an axis, all in the same way, which the seed says.
 */
export interface Permutation {
  /**
   * @minItems 1
   */
  permute: string[];
  along: string;
}
/**
 * Keys from this one on, and queries that stand there, have other elements in every input.
 */
export interface LaterTokens {
  later: number;
}
/**
 * The case computes some of the tokens of a longer one: those from this one on, of so many, along an axis. Its inputs of these names are the states that the operator's outputs of these names have after the tokens before them.
 */
export interface TokenRun {
  run: string;
  from: number;
  of: number;
  states: RunStates;
}
export interface RunStates {
  [k: string]: string;
}
/**
 * Every score q·k·scale is 0 but those with one key, which are this number: the input is 1 in that key and 0 in all others, and queries are 0 but for their last element.
 */
export interface PlantedScore {
  plant: number;
  of: string;
  key: number;
}
/**
 * A constant is added to every score q·k·scale: the last element of every query and key is replaced, so that their product adds it.
 */
export interface ScoreShift {
  add: number;
  to: 'scores';
}
/**
 * How a tensor lies in a larger buffer (capability strided).
 */
export interface Views {
  [k: string]: View;
}
/**
 * order: the axes from outermost to innermost in memory (letters of the layout); pad: elements left unused at the end of each innermost run; step: 1 dense, 2 every other row of the buffer is ours, 0 all batch entries share one entry's memory (stride 0); offset: elements before the first.
 */
export interface View {
  order?: string;
  pad?: number;
  step?: number;
  offset?: number;
}
/**
 * Tokens will lie in pages of so many slots.
 */
export interface CreateOperation {
  op: 'create';
  page: number;
}
/**
 * A call: so many new tokens of each sequence attend to it and to themselves, and stay in the cache.
 */
export interface AppendOperation {
  op: 'append';
  /**
   * @minItems 1
   * @maxItems 256
   */
  sequences: number[];
  tokens: number;
}
/**
 * An empty sequence gets the tokens of another, and shares its pages.
 */
export interface ForkOperation {
  op: 'fork';
  from: number;
  to: number;
}
/**
 * A sequence ends: its pages are given back as they are, and the last one is taken first.
 */
export interface FreeOperation {
  op: 'free';
  sequence: number;
}
/**
 * A sequence loses its oldest pages, which are full.
 */
export interface EvictOperation {
  op: 'evict';
  sequence: number;
  pages: number;
}
/**
 * All pages move to other places; every table follows.
 */
export interface PermuteOperation {
  op: 'permute';
  seed: number;
}
/**
 * Alone in its history, which has no cache: calls of one layer by a schedule, the last of which is this call. A call is computed, and its output stored, unless its place among them (from 0) is no multiple of `range` and its step is above `lo` and below `hi`: then it gives the output that was stored last, whatever its inputs are.
 */
export interface ReuseOperation {
  op: 'reuse';
  range: number;
  lo: number;
  hi: number;
  /**
   * Step of each call, such as the time of a diffusion.
   *
   * @minItems 1
   * @maxItems 256
   */
  steps: number[];
}
/**
 * The case is computed by a scheme on several ranks.
 */
export interface Parallel {
  scheme: string;
  ranks: number;
  /**
   * Default simulated.
   */
  transport?: 'simulated' | 'workers' | 'mpi' | 'own';
  /**
   * The seed of the order of deliveries on the simulated transport.
   */
  schedule?: number;
  /**
   * How many orders are tried, from the schedule on; the first that gives other bits is the answer.
   */
  orders?: number;
  fault?: Fault;
}
/**
 * What goes wrong on the simulated transport: with the `message`-th message sent, counted from 0; a kill takes the rank that would send it.
 */
export interface Fault {
  kind: 'drop' | 'duplicate' | 'delay' | 'kill';
  message: number;
}
/**
 * This case is a block of a larger attention: rows [start, end) and keys [start, end) of a problem with mask `of` and dims m, n of `whole`.
 */
export interface Block {
  queries: Range;
  keys: Range;
  places?: Places;
  of: Mask;
  /**
   * Queries and keys of the larger attention.
   *
   * @minItems 2
   * @maxItems 2
   */
  whole?: number[];
}
/**
 * Which rows and keys of the ranges these are, where they are not all of them.
 */
export interface Places {
  queries: Segments;
  keys: Segments;
}
/**
 * The places start, start + stride, …
 */
export interface Positions {
  start: number;
  length: number;
  stride: number;
}
/**
 * Parameters of the mask that flags gave; lengths: the distribution of its documents.
 */
export interface Swept {
  [k: string]: number | string;
}
export interface Latency {
  samples: number;
  min: number;
  p50: number;
  p75: number;
  p99: number;
  mean: number;
  /**
   * Median of the distances from the median.
   */
  mad: number;
  /**
   * Margin of error of the mean, per cent.
   */
  rme: number;
}
/**
 * To the baseline's, of calls one after the other: the median of all pairs, and the interval that holds it with 95 %.
 */
export interface Ratio {
  p50: number;
  low: number;
  high: number;
  pairs: number;
}
/**
 * Of a scheme: medians over calls of the mean and of the slowest rank.
 */
export interface RankLatencies {
  mean: number;
  slowest: number;
  /**
   * Median over calls of each rank.
   */
  each?: number[];
}
/**
 * What an implementation claims. What is claimed is called and must be right; what is not claimed is never called.
 */
export interface Capabilities {
  /**
   * @minItems 1
   */
  dtypes: DType[];
  /**
   * @minItems 1
   */
  operators: string[];
  /**
   * Masks that travel by name. Default ["full"].
   */
  masks?: string[];
  /**
   * Which dense masks are taken. Default false.
   */
  denseMask?: false | 'boolean' | 'additive' | 'both';
  /**
   * Shapes of dense masks and biases: four words, each an axis of b h m n or 1. Default ["b h m n"].
   *
   * @minItems 1
   */
  denseMaskShapes?: string[];
  options?: string[];
  /**
   * Default ["o"].
   */
  outputs?: string[];
  /**
   * Inputs that have a gradient, and dlse. true: every input that the operator requires, if one reaches it. Default false.
   */
  gradients?: boolean | string[];
  /**
   * @minItems 1
   */
  layouts?: Layout[];
  strided?: boolean;
  /**
   * More query heads than key heads. Default true.
   */
  grouped?: boolean;
  blockBackward?: boolean;
  /**
   * False: every input comes in the case's dtype (beside fp8 in f32), those too that the operator's document stores in f32, and is judged so. Default true.
   */
  mixedStorage?: boolean;
  stored?: StoredTypes;
  fixed?: FixedValues;
  limits?: Limits;
  /**
   * Partial cases that are not claimed; gradients: true stands for the backward pass, and where is a condition.
   */
  excludes?: Exclude[];
  commands?: ('forward' | 'backward' | 'time')[];
  deterministic?: {
    forward?: boolean;
    backward?: boolean;
  };
  batchInvariant?: boolean;
  /**
   * A forward call may be captured once for its shapes and replayed with other numbers in the same buffers, as CUDA graphs are: what is in tensors (lengths and tables too) is read anew by every replay. Default false.
   */
  captured?: boolean;
  /**
   * Outputs are stored, and given again where the schedule in a case's history says so. Default false.
   */
  reuse?: boolean;
  compilesPer?: string[];
  /**
   * How large the largest cases are: slow where a call of production sizes takes a second or more. Default: slow for programs, Python functions and browsers, else medium.
   */
  speed?: Speed;
  /**
   * Adapters on one device take turns.
   */
  device?: string;
  /**
   * File and line, for annotations.
   */
  source?: string;
  dialect?: Dialect;
  /**
   * One numeric profile, or one per dtype.
   */
  numeric?: Numeric | NumericPerDType;
  pages?: Pages;
  schemes?: {
    [k: string]: {
      /**
       * @minItems 1
       */
      worlds: number[];
      /**
       * Path of the scheme's document.
       */
      spec?: string;
      /**
       * The scheme's document itself: what `spec` names, once it was read.
       */
      document?: {
        [k: string]: unknown;
      };
    };
  };
}
/**
 * Types of inputs that do not come in the case's type, by their names: {"k": "f8e4m3", "v": "f8e4m3"} is a kernel whose keys and values are narrower than its queries. In f64 cases every input is f64.
 */
export interface StoredTypes {
  [k: string]: DType;
}
/**
 * Values that the implementation computes itself, by the name of the option or input: every case has them. true is the document's `standard`. For an option also a number; for an input an expression over its indices (those of its axes; h for query heads) and sizes (#h, #n, …).
 */
export interface FixedValues {
  [k: string]: true | Expression;
}
/**
 * Per dimension (b, hk, g, m, n, d, e, and axes of an operator's own): a list of values, "=x" (equal to dimension x), or a range.
 */
export interface Limits {
  [k: string]: Limit;
}
export interface LimitRange {
  min?: number;
  max?: number;
  multipleOf?: number;
}
export interface Exclude {
  /**
   * A condition on the sizes (b, hk, g, m, n, d, e) and the parameters of the mask, such as ["<", "n", "m"].
   */
  where?: Expression;
  [k: string]: unknown;
}
/**
 * The numeric profile: how the implementation computes. Storage is the case's dtype.
 */
export interface Numeric {
  storage?: DType;
  accumulate?: 'f64' | 'f32' | 'f16' | 'bf16';
  /**
   * Scores are rounded to this before the softmax (unfused implementations).
   */
  scores?: 'storage' | 'accumulate';
  /**
   * What probabilities are rounded to before they weigh the values: a format of its own where they have one, such as f8e4m3 beside a cache in fp8. For fp8, storage is bf16.
   */
  probabilities?: 'storage' | 'accumulate' | 'f16' | 'bf16' | 'f8e4m3' | 'f8e5m2';
  scoreGradients?: 'storage' | 'accumulate';
  products?: 'exact' | 'tf32';
  /**
   * Relative error of an approximate exponential.
   */
  exp?: number;
  /**
   * Keys per online step. Default 16.
   */
  tile?: number;
  prescaledQ?: boolean;
  partials?: 'storage' | 'accumulate';
  /**
   * Results over parts of the keys are merged by their LSEs, in the accumulator: as a weighted sum, or as out − σ(lseᵢ − lse)·(out − outᵢ), which cancels. Default: a weighted sum in schemes that are the adapter's own, no merge elsewhere.
   */
  merge?: 'weighted' | 'difference';
  flushToZero?: boolean;
  /**
   * Keys that enter the running sums of a row together, and in gradients of keys queries that enter those of a key: 4 with four running sums that are added up at the end, 16 where each product of 16 keys is added to the accumulator, the tile where sums over whole tiles are. Default: 1, key by key.
   */
  chain?: number;
  /**
   * Whether weights may be divided by their sum before their products with V, or the output is. Default: first.
   */
  divides?: 'first' | 'last';
}
export interface NumericPerDType {
  f64?: Numeric;
  f32?: Numeric;
  f16?: Numeric;
  bf16?: Numeric;
  f8e4m3?: Numeric;
  f8e5m2?: Numeric;
}
export interface Pages {
  /**
   * @minItems 1
   */
  sizes: number[];
  append?: boolean;
  /**
   * Every call is on pages: no call with whole keys and values is claimed, and none is made. Default false.
   */
  only?: boolean;
}
/**
 * Devices and the links between them, for a simulation: what a device computes and holds, what a message takes. Seconds, bytes, bytes per second, floating-point operations per second.
 */
export interface Cluster {
  $schema?: string;
  name: string;
  version: string;
  title: string;
  /**
   * @minItems 1
   */
  source: Source[];
  /**
   * Where each number is from, and what was assumed.
   */
  notes?: string[];
  device: Device;
  /**
   * Links from the inside out. Two devices use the first level of which a group has both; the last group is the cluster.
   *
   * @minItems 1
   */
  levels?: Level[];
  torus?: Torus;
}
/**
 * Where a definition comes from.
 */
export interface Source {
  title: string;
  url?: string;
}
export interface Device {
  name: string;
  flops?: Rates;
  measured?: MeasuredRates;
  blocks?: BlockRates;
  /**
   * Bytes.
   */
  memory: number;
  /**
   * Bytes per second, read and written together: what merging the outputs of blocks takes. Nothing where absent.
   */
  memoryBandwidth?: number;
  /**
   * Seconds before a kernel begins.
   */
  launch: number;
}
/**
 * Sustained by attention in each direction.
 */
export interface Rates {
  forward: number;
  backward: number;
}
/**
 * In place of flops: iterations per second of causal attention on one device, forward alone and both passes, from which the rates follow.
 */
export interface MeasuredRates {
  tokens: number;
  heads: number;
  dim: number;
  forward: number;
  both: number;
}
/**
 * How fast a kernel is on blocks of so many tokens a side, in any unit: what a block takes follows from its rate over that of causal attention over as many tokens as "measured" has, the most of the list without it. Between two sizes by the logarithm of the tokens, beyond them as at the ends. Every block is as fast where absent.
 */
export interface BlockRates {
  /**
   * @minItems 1
   */
  tokens: number[];
  forward: BlockCurve;
  /**
   * As forward where absent.
   */
  backward?: BlockCurve;
}
/**
 * Rates by visible cells: of full blocks, and of those of which half is hidden by the diagonal. Without the latter they are to full ones as in the forward pass, or as fast.
 */
export interface BlockCurve {
  full: number[];
  causal?: number[];
}
export interface Level {
  name: string;
  /**
   * Devices that this level joins.
   */
  group: number;
  /**
   * Seconds before the first byte.
   */
  alpha: number;
  /**
   * Bytes per second, in one direction, of one device.
   */
  bandwidth: number;
}
/**
 * In place of levels: device r has the coordinates of r in mixed radix, the last dimension the fastest. A message takes the shortest way and alpha for each hop; ways that cross do not slow each other down.
 */
export interface Torus {
  name: string;
  /**
   * @minItems 1
   */
  dims: number[];
  /**
   * Seconds for each hop.
   */
  alpha: number;
  /**
   * Bytes per second of a link, in one direction.
   */
  bandwidth: number;
}
/**
 * Shapes that several documents share.
 */
export interface Common {
  dtype?: DType;
  codeFormat?: CodeFormat;
  layout?: Layout;
  number?: JsonNumber;
  dialect?: Dialect;
  expression?: Expression;
  source?: Source;
  rows?: Rows;
  also?: Also;
  verdict?: Verdict;
  speed?: Speed;
  environment?: Environment;
}
export interface RowBy {
  row: number;
  by: string;
}
export interface AlsoModel {
  model: string;
  by?: string;
}
/**
 * attn-cts.config.ts, .js or .json: sets what the flags of `attn-cts run` set. Flags win.
 */
export interface Config {
  $schema?: string;
  adapters?: string[];
  profiles?: string[];
  filter?: string[];
  seed?: number | 'random';
  runs?: number;
  speed?: Speed;
  /**
   * Shapes from which all cases are drawn.
   */
  shapes?: number;
  /**
   * Keys of the cases of long-targeted; at least 1024.
   */
  tokens?: number;
  /**
   * Seconds to look for the cases with the largest error ÷ bound, after the drawn ones.
   */
  hunt?: number;
  /**
   * Seconds.
   */
  timeLimit?: number;
  /**
   * Seconds a call.
   */
  timeout?: number;
  /**
   * Seconds.
   */
  startTimeout?: number;
  jobs?: number;
  expectations?: string;
  /**
   * Folder of saved failures.
   */
  corpus?: string;
  /**
   * File of a cost table, by which a plan is divided into shards.
   */
  costs?: string;
  reporters?: string[];
  out?: string;
  /**
   * Cases per check of the built-ins that are slow to start or to call: judged too, where it is given.
   */
  slow?: number;
  /**
   * The interpreter of Python adapters.
   */
  python?: string;
  /**
   * Folder for the files of process adapters.
   */
  tmp?: string;
  bail?: number;
  allowIncomplete?: boolean;
  /**
   * Accuracy warnings make exit code 1.
   */
  failOnWarnings?: boolean;
  schemes?: string[];
  /**
   * @minItems 1
   */
  ranks?: number[];
  transport?: 'simulated' | 'workers' | 'mpi';
  /**
   * Of Open MPI: the hosts of the ranks.
   */
  hostfile?: string;
  spec?: string[];
  dialect?: Dialect;
}
/**
 * How long checks take: by this a plan is divided into shards of equal length.
 */
export interface Costs {
  format: 1;
  /**
   * Milliseconds, by adapter::id, or by a glob over it; a check's own entry wins over globs, the first of these over the others.
   */
  costs: {
    [k: string]: number;
  };
}
export interface Expectation {
  /**
   * Glob over check ids.
   */
  check: string;
  /**
   * Glob over adapter ids. Default *.
   */
  adapter?: string;
  verdict: 'fail' | 'crash' | 'timeout';
  class?: string;
  when?: When;
  /**
   * Such as {"platform": "linux"}: the entry applies only there.
   */
  environment?: {
    [k: string]: string;
  };
  /**
   * A pass is no surprise either.
   */
  flaky?: boolean;
  link?: string;
  /**
   * Address of what is written of it, from this file: FINDINGS.md#dawn.
   */
  finding?: string;
  case?: Case1;
  why: string;
}
/**
 * A partial case: the failure is expected only where the case matches.
 */
export interface When {
  [k: string]: unknown;
}
/**
 * One concrete problem. Its tensors are a function of this document alone.
 */
export interface Case1 {
  operator: string;
  dims: Dims;
  mask: Mask;
  options: Options;
  dtype: DType;
  layout: Layout;
  dialect?: Dialect;
  values: Values;
  /**
   * Lengths of the parts into which the keys are cut (lse-merge); zeros allowed; they add up to n.
   *
   * @minItems 1
   */
  split?: number[];
  views?: Views;
  packed?: Packed;
  /**
   * How a KV cache came to what it holds: this call is its last append, with dims b = its sequences, m = its tokens, n = the longest sequence after it. A cache is contiguous unless its first operation creates it in pages. Or, without a cache, which calls reuse an output.
   *
   * @minItems 1
   * @maxItems 64
   */
  history?: Operation[];
  parallel?: Parallel;
  block?: Block;
}
/**
 * One failure, to be replayed anywhere. Beside it lie inputs, expected, actual and bound as safetensors.
 */
export interface Failure {
  format: 1;
  check: string;
  adapter: FailureAdapter;
  case: Case;
  verdict: Verdict;
  class?: string;
  message?: string;
  hint?: string;
  explanations?: Explanations;
  /**
   * True if the failure follows from other wrong answers of the kernel, as the hint says: it ends with them.
   */
  entailed?: true;
  /**
   * Message of an error of the suite that ended the search for an explanation.
   */
  unexplained?: string;
  /**
   * Places of the wrong elements, if nothing explains them: those of the failing case that has the most wrong elements.
   */
  where?: string;
  /**
   * Weights of the keys, read out with one-hot values, or of a backward pass with a one-hot do, if nothing explains the failure: those of the row of the smallest case that is furthest off.
   */
  weights?: string;
  output?: string;
  /**
   * Into the tensors as they lie in this folder.
   */
  index?: number[];
  passesWith?: PassingSizes;
  call?: FailingCall;
  /**
   * Of every tensor in this folder, whatever the layout of the case.
   */
  layout?: 'bhld';
  expected?: JsonNumber;
  actual?: JsonNumber;
  bound?: JsonNumber;
  worst?: WorstCase;
  reproduced?: number;
  /**
   * The end of what the host printed.
   */
  stderr?: string;
  suite: string;
  spec: {
    [k: string]: string;
  };
  environment: Environment;
}
export interface FailureAdapter {
  id: string;
  title: string;
  version: string | null;
  builtIn?: boolean;
  capabilities: Capabilities;
}
export interface Explanation {
  /**
   * Completes "the output matches …"; `{}` stands for the sizes.
   */
  text: string;
  /**
   * Sizes that fit every case that was tried, such as numbers of keys of a tile.
   *
   * @minItems 1
   */
  sizes?: number[];
}
export interface PassingDims {
  [k: string]: number;
}
/**
 * Of a check that makes several calls for a case: the one whose output was wrong, and the case that it is for.
 */
export interface FailingCall {
  /**
   * From 1.
   */
  number: number;
  of: number;
  command: 'forward' | 'backward';
  /**
   * The call is captured, or a replay of the first one.
   */
  captured?: true;
  case: Case;
}
/**
 * Of the cases met before shrinking that failed in the same way, the one that is furthest off, and its worst element.
 */
export interface WorstCase {
  case: Case;
  output?: string;
  index?: number[];
  expected?: JsonNumber;
  actual?: JsonNumber;
  bound?: JsonNumber;
  message?: string;
}
/**
 * Document that `flashinfer audit --json` prints: the operator of each Definition, and the faults of Definitions.
 */
export interface FlashInferAudit {
  format: 1;
  /**
   * Number of Definitions that were read.
   */
  definitions: number;
  /**
   * Number of findings of each rule.
   */
  counts: {
    [k: string]: number;
  };
  /**
   * For each Definition, the operator that it is of, or why it is of none.
   */
  matches: (MatchedDefinition | UnmatchedDefinition)[];
  findings: DefinitionFinding[];
  /**
   * Results of the references that were run, with --references.
   */
  references: CheckedReference[];
}
/**
 * A Definition of an operator of the suite.
 */
export interface MatchedDefinition {
  /**
   * Name of the Definition.
   */
  definition: string;
  /**
   * File of the Definition.
   */
  path: string;
  matched: DefinitionMeaning;
}
/**
 * The operator of a Definition, and the claims that follow from its signature.
 */
export interface DefinitionMeaning {
  /**
   * Name of the operator: `attn-cts list operators`, or those of FlashInfer's Definitions.
   */
  operator: string;
  /**
   * Name of the signature, such as paged-decode.
   */
  signature: string;
  /**
   * Masks under which the Definition is judged.
   */
  masks: string[];
  dtype: DType;
  /**
   * Axes of the operator whose size the Definition settles.
   */
  sizes: {
    [k: string]: number;
  };
  dialect: Dialect1;
  /**
   * Tokens of a page; absent without pages, or for pages of any size.
   */
  page?: number;
  /**
   * Values of inputs, by role, that only the Definition decides.
   */
  settled?: {
    [k: string]: number;
  };
}
/**
 * How an implementation fills in what the field leaves open. An absent axis has its default, the first value.
 */
export interface Dialect1 {
  causal?: 'bottom-right' | 'top-left';
  emptyOutput?: 'zero' | 'nan' | 'mean';
  emptyLse?: '-inf' | '+inf' | 'zero' | 'nan' | 'finite';
  maskedNaN?: 'shielded' | 'leaks';
  lseBase?: 'e' | '2';
  lseSink?: 'included' | 'excluded';
  heads?: 'grouped' | 'tiled';
  window?: 'inclusive' | 'exclusive';
  softcap?: 'before-mask' | 'after-mask';
  bias?: 'after-softcap' | 'before-softcap';
  booleanMask?: 'keep' | 'drop';
  defaultScale?: '1/sqrt(d)' | '1';
  defaultEps?: '1e-6' | '1e-5' | '1e-8' | '1e-10' | '1e-12' | '0';
  alibi?: 'relative' | 'distance' | 'key';
}
/**
 * A Definition of no operator of the suite.
 */
export interface UnmatchedDefinition {
  /**
   * Name of the Definition.
   */
  definition: string;
  /**
   * File of the Definition.
   */
  path: string;
  /**
   * Why the suite has no oracle for the Definition.
   */
  why: string;
}
export interface DefinitionFinding {
  /**
   * Name of the rule, as in `counts`.
   */
  rule: string;
  path: string;
  definition: string;
  message: string;
  level: 'error' | 'warning' | 'note';
  /**
   * Command line that shows the finding again.
   */
  replay?: string;
}
/**
 * What became of the reference of a Definition when it was held to the oracle.
 */
export interface CheckedReference {
  definition: string;
  path: string;
  verdict: 'pass' | 'fail' | 'inconclusive' | 'unmatched' | 'no reference';
  /**
   * Why the reference was not judged.
   */
  why?: string;
  matched?: DefinitionMeaning;
  /**
   * Counts of checks by outcome, as in the document of `judge --json`.
   */
  checks?: {
    [k: string]: number;
  };
}
/**
 * What a report says of each implementation, for others to embed: implementations.json beside the site. Addresses are relative to it.
 */
export interface Implementations {
  format: 1;
  title: string;
  /**
   * ISO 8601.
   */
  made: string;
  /**
   * Versions of attention-cts that the implementations were judged by.
   */
  suite: string[];
  implementations: EmbeddedImplementation[];
}
export interface EmbeddedImplementation {
  /**
   * Name of the implementation in this report.
   */
  key: string;
  adapter: string;
  title: string;
  version: string | null;
  device: string;
  /**
   * When its run began, ISO 8601.
   */
  judged: string;
  /**
   * Address of its page.
   */
  page: string;
  /**
   * Why it was not judged.
   */
  unavailable?: string;
  checks: EmbeddedTally;
  /**
   * Checks that it fails and every other implementation that was judged passes.
   */
  failsAlone: string[];
  /**
   * The axes on which it departs from the default.
   */
  dialect: {
    [k: string]: string;
  };
  profiles: EmbeddedProfile[];
  causes: EmbeddedCause[];
}
export interface EmbeddedTally {
  pass: number;
  /**
   * Failures, crashes and timeouts.
   */
  fail: number;
  /**
   * How many of the failures an expectations file names.
   */
  expected: number;
  unsupported: number;
  unjudged: number;
}
export interface EmbeddedProfile {
  /**
   * Such as core@1.
   */
  name: string;
  /**
   * As the badge says it.
   */
  message: string;
  color: string;
  mustPass?: EmbeddedMustPass;
  /**
   * Address of the SVG.
   */
  badge: string;
  /**
   * Address of the JSON that shields.io reads.
   */
  endpoint: string;
}
export interface EmbeddedMustPass {
  passed: number;
  /**
   * Checks of the frozen list, of the storage types that it claims.
   */
  of: number;
}
export interface EmbeddedCause {
  title: string;
  verdict: Verdict;
  class: string;
  checks: string[];
  expected: boolean;
  why?: string;
  link?: string;
  /**
   * Address of what is written of it.
   */
  finding?: string;
}
/**
 * What `judge --json` prints: at most 200 lines, for a program or an agent.
 */
export interface KernelVerdict {
  format: 1;
  /**
   * Version of attention-cts.
   */
  suite: string;
  seed: number;
  /**
   * fail: a check failed that no expectation names. inconclusive: nothing failed, and a check was not run or could not be judged, or something that is claimed was not. pass: every planned check passed or is of something that the kernel does not claim.
   */
  verdict: 'pass' | 'fail' | 'inconclusive';
  /**
   * Why nothing was judged: a mistake in the command line, a fault of the suite, or an interruption. The verdict is then inconclusive.
   */
  error?: string;
  kernels: JudgedKernel[];
  checks: VerdictChecks;
  /**
   * What is wrong: alike failures are one cause. Those by which most checks fail first; of as many, explained ones.
   */
  causes: JudgedCause[];
  /**
   * Causes that the result document has beside these.
   */
  moreCauses: number;
  /**
   * Why checks are unsupported, the commonest reasons first.
   */
  unsupported: UnsupportedReason[];
  /**
   * Checks that are unsupported for other reasons than these.
   */
  moreUnsupported?: number;
  /**
   * Ids of checks that were not run, the first ones.
   */
  notRun: string[];
  /**
   * Checks that were not run beside these.
   */
  moreNotRun?: number;
  /**
   * What the kernel claims and no check judged, in a run without --filter and --profile: the verdict is then inconclusive.
   */
  claimedNotJudged?: string[];
  closest?: ClosestToBound;
  next: NextStep;
}
export interface JudgedKernel {
  id: string;
  /**
   * Value of --adapter; absent for a built-in adapter.
   */
  source?: string;
  version?: string;
  /**
   * Conventions that it declares, other than the default.
   */
  dialect?: {
    [k: string]: string;
  };
  /**
   * Numeric profile that it declares, from which its bounds are derived.
   */
  numeric?: {
    [k: string]: unknown;
  };
  /**
   * Why it could not be judged, and what to do.
   */
  unavailable?: string;
}
export interface VerdictChecks {
  planned: number;
  passed: number;
  /**
   * Wrong, crashed or timed out, and named by no expectation.
   */
  failed: number;
  expectedFailures: number;
  /**
   * Of something that the kernel does not claim.
   */
  unsupported: number;
  /**
   * The suite itself failed.
   */
  inconclusive: number;
  notRun: number;
  /**
   * Cases judged.
   */
  cases: number;
}
export interface JudgedCause {
  /**
   * What is wrong, in one line.
   */
  title: string;
  /**
   * Fault that explains the outputs of all these failures. Absent: none was found.
   */
  hint?: string;
  /**
   * Faults that explain the outputs of the smallest case and are not told apart by the others of its check, if there is no hint.
   *
   * @minItems 1
   */
  explanations?: string[];
  /**
   * Places of the wrong elements of one of them, if none was found: those of the failing case that has the most wrong elements.
   */
  where?: string;
  /**
   * Weights of the keys, read out with one-hot values, or of a backward pass with a one-hot do, if no cause was found: those of the row of the smallest case that is furthest off.
   */
  weights?: string;
  verdict: 'fail' | 'crash' | 'timeout';
  class?: string;
  /**
   * Number of checks that fail by it.
   */
  checks: number;
  /**
   * Ids of some of them, that of the smallest case first.
   */
  examples: string[];
  case?: Case2;
  passesWith?: PassingSizes;
  call?: WrongCall;
  /**
   * false: the case is as it was drawn; no smaller one was found, or looked for.
   */
  reduced?: false;
  /**
   * Tensors of the failing call, layout bhld, where all of them are small.
   */
  inputs?: {
    [k: string]: VerdictTensor;
  };
  /**
   * What the kernel answered, and what was expected.
   */
  outputs?: {
    [k: string]: VerdictTensor;
  };
  output?: string;
  /**
   * Element of the output, in layout bhld.
   */
  index?: number[];
  expected?: JsonNumber;
  actual?: JsonNumber;
  bound?: JsonNumber1;
  /**
   * Command line that judges the case again.
   */
  replay?: string;
}
/**
 * One concrete problem. Its tensors are a function of this document alone.
 */
export interface Case2 {
  operator: string;
  dims: Dims;
  mask: Mask;
  options: Options;
  dtype: DType;
  layout: Layout;
  dialect?: Dialect;
  values: Values;
  /**
   * Lengths of the parts into which the keys are cut (lse-merge); zeros allowed; they add up to n.
   *
   * @minItems 1
   */
  split?: number[];
  views?: Views;
  packed?: Packed;
  /**
   * How a KV cache came to what it holds: this call is its last append, with dims b = its sequences, m = its tokens, n = the longest sequence after it. A cache is contiguous unless its first operation creates it in pages. Or, without a cache, which calls reuse an output.
   *
   * @minItems 1
   * @maxItems 64
   */
  history?: Operation[];
  parallel?: Parallel;
  block?: Block;
}
/**
 * The call whose output was wrong, where a check makes several for a case: counted from 1, with its own case where that differs.
 */
export interface WrongCall {
  number: number;
  of: number;
  command: 'forward' | 'backward';
  case?: Case;
}
export interface VerdictTensor {
  shape: number[];
  /**
   * In row-major order.
   */
  values: JsonNumber[];
  /**
   * The exact values.
   */
  expected?: JsonNumber[];
}
export interface UnsupportedReason {
  reason: string;
  checks: number;
}
/**
 * Of all right elements, the one nearest to its error bound.
 */
export interface ClosestToBound {
  check: string;
  output: string;
  errorOverBound: number;
}
export interface NextStep {
  /**
   * What to do next, as a sentence.
   */
  do: string;
  /**
   * Command line to paste.
   */
  command?: string;
}
/**
 * How long the documents of a corpus are: intervals of lengths with a weight each, or parts of an entry that have a distribution each.
 */
export interface LengthDistribution {
  $schema?: string;
  name: string;
  version: string;
  title: string;
  /**
   * @minItems 1
   */
  source: Source[];
  /**
   * Most tokens of a batch entry for which the source takes this distribution.
   */
  upTo?: number;
  edges?: Edges;
  weights?: Weights;
  /**
   * In place of edges and weights: shares of an entry's tokens, which add up to 1. The documents of all parts are shuffled.
   *
   * @minItems 2
   */
  parts?: LengthPart[];
}
export interface LengthPart {
  share: number;
  /**
   * Name of a distribution with edges and weights.
   */
  like?: string;
  edges?: Edges;
  weights?: Weights;
}
/**
 * A term with parameters, which programs use like a primitive: ["silu", x].
 */
export interface Macro {
  $schema?: string;
  name: string;
  /**
   * Formula in one line.
   */
  title: string;
  /**
   * @minItems 1
   */
  parameters: string[];
  term: Term;
}
export interface TermAttributes {
  [k: string]: string | number | boolean;
}
/**
 * A predicate over b, h, i, j, heads (query heads), m, n, offset (n - m or 0), exclusive (1 where the left side of a window counts the own position) and parameters: true where query i sees key j.
 */
export interface MaskSpec {
  $schema?: string;
  name: string;
  version: string;
  title: string;
  also?: Also;
  rows?: Rows;
  source?: Source[];
  /**
   * The mask needs m = n.
   */
  square?: boolean;
  /**
   * It is drawn only where a scheme, an operator or an implementation names it; no profile asks every implementation for it.
   */
  optIn?: boolean;
  /**
   * It is drawn a ninth as often as the others where any mask may be drawn, so that masks in wide use stay most of the cases; checks of it alone are planned for implementations that name it, and where a filter does.
   */
  rare?: boolean;
  parameters?: {
    [k: string]: MaskParameter;
  };
  /**
   * Tables that the predicate looks up with `at`, by the rule that makes them.
   */
  tables?: {
    [k: string]: MaskTable;
  };
  visible: Expression;
}
export interface MaskParameter {
  /**
   * lengths: document lengths that add up to n; batch-lengths: one number of keys per batch entry; share: 0 to 1; choice: in the predicate the place of the choice among the choices, each of which is a value by its name.
   */
  type: 'integer' | 'share' | 'seed' | 'lengths' | 'batch-lengths' | 'choice';
  /**
   * @minItems 1
   */
  choices?: string[];
  /**
   * The least value that has a meaning: draws start here, and less is refused. Over b, m, n and the integers among the parameters.
   */
  minimum?: Expression;
  /**
   * Where draws end; more is allowed (a window wider than the sequence), except of a share.
   */
  maximum?: Expression;
  /**
   * An integer's value where the mask is shown or timed and none is given. Over n.
   */
  example?: Expression;
  /**
   * Another parameter's name: every length is a multiple of it.
   */
  multipleOf?: string;
  description?: string;
}
export interface MaskTable {
  /**
   * document, document-start, document-end: per token, from the parameter lengths. lengths: per batch entry. blocks [query blocks, key blocks], block-index (per token), block-edges: from block, seed and share, or from seed, mean, min and share.
   */
  rule: 'document' | 'document-start' | 'document-end' | 'lengths' | 'blocks' | 'block-index' | 'block-edges';
  /**
   * Travels to the kernel as a tensor of this name.
   */
  send?: boolean;
}
/**
 * The checks of one version of a profile, frozen: a claim of the profile is a claim of these.
 */
export interface MustPass {
  $schema?: string;
  profile: string;
  version: number;
  /**
   * Ids, in the order of the plan. Those of storage types that an implementation does not claim are not asked of it.
   *
   * @minItems 1
   */
  checks: string[];
}
/**
 * An attention kernel in a shared library: its symbol, its arguments, what it claims. Paths are relative to the manifest. What arguments can stand for is listed in adapters/backends/native/names.ts.
 */
export interface NativeManifest {
  $schema?: string;
  adapter: {
    id: string;
    title: string;
    version?: string;
  };
  /**
   * The shared library.
   */
  library: string;
  /**
   * The function's exported name; {dtype} stands for the case's dtype.
   */
  symbol: string;
  arguments: NativeArguments;
  /**
   * The backward pass. One that takes o and lse is given those of the forward pass, of the whole where the case is a block of it.
   */
  backward?: NativeFunction;
  /**
   * Calls on a cache in pages, where capabilities claim them.
   */
  paged?: NativeFunction;
  /**
   * int (the default): 0 is success, any other code an error.
   */
  returns?: 'int' | 'void';
  codes?: NativeCodes;
  /**
   * A command, split as a shell would and run without one in the manifest's folder, where the library is missing or older than its sources.
   */
  build?: string;
  /**
   * Files the library is made of. Default: those that the build command names.
   */
  sources?: string[];
  capabilities: Capabilities;
}
/**
 * In the function's order: the name of what is passed, and its C type, such as "const float *"; or under a name of your own {type, value}.
 */
export interface NativeArguments {
  [k: string]: NativeArgument;
}
export interface NativeArgumentValue {
  type: string;
  /**
   * A name, or for a number an expression.
   */
  value: Expression;
}
export interface NativeFunction {
  /**
   * The function's exported name; {dtype} stands for the case's dtype.
   */
  symbol: string;
  arguments: NativeArguments;
}
/**
 * What the codes mean, for messages. "out-of-memory": the machine is too small for the case.
 */
export interface NativeCodes {
  [k: string]: string;
}
/**
 * A numeric profile with a name: how a kind of kernel computes, which sets the error bounds.
 */
export interface Numerics {
  $schema?: string;
  name: string;
  version: string;
  title: string;
  /**
   * Devices and dtypes whose tensors are judged by this profile unless another one is named. One of several must hold, and the one with the highest rank is tried first.
   *
   * @minItems 1
   */
  defaults?: NumericsDefault[];
  /**
   * As in an adapter's capabilities.
   */
  numeric: Numeric | NumericPerDType;
  /**
   * @minItems 1
   */
  source: Source[];
}
export interface NumericsDefault {
  /**
   * cuda-tf32: a GPU that may multiply f32 in TF32.
   */
  device: 'cpu' | 'cuda' | 'cuda-tf32';
  /**
   * @minItems 1
   */
  dtypes: DType[];
  /**
   * 0 for the narrowest bounds.
   */
  rank: number;
}
/**
 * What an ONNX model cannot say of itself, in a file beside it: kernel.onnx.json for kernel.onnx.
 */
export interface OnnxManifest {
  $schema?: string;
  adapter?: OnnxAdapter;
  /**
   * Layout of the outputs with heads and tokens, where it is not that of the inputs.
   */
  outputLayout?: 'bhld' | 'blhd';
  capabilities?: OnnxCapabilities;
}
/**
 * Default: the model's file name.
 */
export interface OnnxAdapter {
  id?: string;
  title?: string;
  version?: string;
}
/**
 * Any capabilities: they replace those that are read from the model's inputs and outputs.
 */
export interface OnnxCapabilities {
  [k: string]: unknown;
}
/**
 * A tensor program, its inputs, outputs, laws and second form. Axes are named; broadcasting is by name.
 */
export interface Operator {
  $schema?: string;
  name: string;
  /**
   * Folder of the document, and the profile that asks for it.
   */
  family: string;
  version: string;
  title: string;
  also?: Also;
  rows?: Rows;
  source?: Source[];
  /**
   * The outputs in mathematical notation, as a reader of the paper writes them. A comma and two spaces end a clause; `_` and `^` take the letters that follow, or a part in braces or brackets. The documentation typesets it.
   */
  formula: string;
  /**
   * How the size of an axis is found that is none of b, hk, g, m, n, d and e. An axis without a rule is drawn from 1 to 5.
   */
  axes?: {
    [k: string]: AxisRule;
  };
  /**
   * Pairs of axes that always have one size.
   */
  tied?: string[][];
  /**
   * Smallest sizes that are drawn, where what the program computes has no value below them: the deviation of one number is 0, by which nothing is divided.
   */
  least?: {
    [k: string]: number;
  };
  inputs: {
    [k: string]: OperatorInput;
  };
  optional?: {
    [k: string]: OperatorInput;
  };
  options?: {
    [k: string]: OperatorOption;
  };
  masks?: 'any' | string[];
  /**
   * What a row of o that sees no key is, of a program that leaves it to no softmax: the formula may say 0/0. Its gradients are 0. Absent: what the program gives, where a sum over nothing is 0, and 0/0 is not judged.
   */
  emptyRow?: 'zero' | 'nan';
  /**
   * @minItems 1
   */
  program: Statement[];
  /**
   * Axes of each output, which a statement of its name computes, or a state that a loop ends with.
   */
  outputs: {
    [k: string]: Axes;
  };
  /**
   * Outputs that are sets of places along an axis. The program computes 1 for a place that is in, and 0 for another; a kernel gives the places as int32 along the axis of slots: in any order, each once, and -1 where there are fewer places than slots.
   */
  sets?: {
    [k: string]: SetOutput;
  };
  /**
   * Outputs that are stored codes, each with its format: the program encodes them, and a kernel gives the codes themselves, which are judged bit by bit.
   */
  codes?: {
    [k: string]: CodeFormat;
  };
  second?: SecondForm;
  /**
   * Laws that hold of every implementation, and of the program itself.
   */
  laws?: Law[];
}
/**
 * Drawn apart from the others, between two sizes: the smallest, then the largest.
 */
export interface DrawnAxis {
  /**
   * @minItems 2
   * @maxItems 2
   */
  draw: number[];
}
/**
 * As long as another axis.
 */
export interface SameAxis {
  same: string;
}
/**
 * A size computed from other sizes, such as `#n`, and from options, such as `$block`.
 */
export interface ComputedAxis {
  size: Expression;
}
export interface DescribedInput {
  axes: Axes;
  /**
   * The input in words.
   */
  title?: string;
  /**
   * Numbers (the default), booleans, indices below the size of the axis `of`, or codes of a `format`, which travel as they are stored.
   */
  kind?: 'number' | 'boolean' | 'index' | 'code';
  format?: CodeFormat1;
  /**
   * True: a byte holds two codes of four bits, of which `decode` takes the `low` or the `high` one.
   */
  packed?: boolean;
  /**
   * The axis that an index points into.
   */
  of?: string;
  /**
   * Distribution of its numbers, which is what may be given, too: `normal` (the default); `unit` [0, 1); `to-two` [0, 2), as of strengths of a write where states may change their sign; `positive` (0, ∞); `non-negative` [0, ∞), 0 every eighth time; `log-decay` (−∞, 0]; `simplex` (non-negative, sums to 1 along its last axis); `direction` (of length 1 along its last axis); `small` normal / 16; `weights` normal / √(size of the axis before the last); `slope` a few hundredths; `table` [−1, 1], as of cosines; `padded`, of an index, −1 too, which points nowhere; `beyond`, of an index, as `padded`, and numbers outside the axis, from −2³¹ to 2³¹ − 1, which point nowhere too; `tree`, of an index into its last axis, the parent of each node: a node before it, or −1, which a root has; `sorted`, of an index, no number below the one before it along its last axis, as of segments that lie one after the other; `once`, of an index, −1 too, but no place twice along its last axis, as of lists that a kernel takes to name each key once; `distinct` as `normal`, but normal numbers in the distributions that repeat numbers or have one for many: choices among what is computed from them have no ties, deviations are not 0; `unequal` as `normal`, but no two numbers along its last axis are stored as the same: what is chosen by them has no ties; `scale` 2^(−12 to 0), as of the scales of codes; `power` −3 to 3 as an exponent of 2, 0 more often; `signed-scale` of either sign; `edges` the numbers at which the rounding of codes differs, and others; `wild` NaN and infinities too. Codes are drawn from all that stand for a finite number; `positive`: from those of numbers that are not negative; `scale`: from those of 0 and of 2^−12 to 1.
   */
  draw?:
    | 'normal'
    | 'unit'
    | 'to-two'
    | 'positive'
    | 'non-negative'
    | 'log-decay'
    | 'simplex'
    | 'direction'
    | 'small'
    | 'weights'
    | 'slope'
    | 'table'
    | 'padded'
    | 'beyond'
    | 'once'
    | 'tree'
    | 'sorted'
    | 'distinct'
    | 'unequal'
    | 'scale'
    | 'signed-scale'
    | 'power'
    | 'edges'
    | 'wild';
  /**
   * Option of the operator that says what a place counts which an index names twice along its last axis; the index is drawn as `padded` or `beyond`. In cases without that option each place is named once: a kernel may demand it.
   */
  repeats?: string;
  scales?: CodeFormat2;
  stored?: DType1;
  /**
   * False: no gradient reaches it.
   */
  gradient?: boolean;
  /**
   * A cache keeps a row of it for each token of a sequence: its axes begin with b, and have n. Where one input says so, every required input with n does. k and v of operators that have them as softmax does are kept without saying so.
   */
  cached?: true;
  standard?: Expression1;
}
export interface OperatorOption {
  default: null | Expression;
  /**
   * What generators draw it from, the simplest first.
   *
   * @minItems 1
   */
  values?: number[];
  /**
   * Where generators draw it from, logarithmically; not beside `values`.
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: number[];
  /**
   * Value of kernels that take no such option: what `fixed` in their capabilities means.
   */
  standard?: number;
  long?: Expression2;
}
/**
 * Each state by its name, with the term that it begins as.
 */
export interface LoopStates {
  [k: string]: Term;
}
export interface LoopResults {
  /**
   * The statement inside that each state is after a step; a name alone where there is one state.
   */
  after:
    | string
    | {
        [k: string]: string;
      };
  /**
   * The statement or state inside whose values, one for each place, are put together along the axis; of a fold alone.
   */
  collect?: string;
  /**
   * Names for states after the last step.
   */
  end?: {
    [k: string]: string;
  };
}
export interface StatementAttributes {
  /**
   * Rounded to storage where the numeric profile says so; "always", with its gradient, where one layer hands it to the next.
   */
  store?: true | false | 'always';
}
export interface SetOutput {
  /**
   * Axis of the places, the last of the output.
   */
  of: string;
  /**
   * Axis that takes its place in what a kernel gives.
   */
  slots: string;
}
/**
 * Another program with the same inputs and outputs, found another way: it tests the first, and is an implementation.
 */
export interface SecondForm {
  /**
   * How it differs from the first, such as "running sums instead of weights".
   */
  title: string;
  /**
   * @minItems 1
   */
  program: Statement[];
}
/**
 * The outputs are linear in these inputs together.
 */
export interface LinearLaw {
  /**
   * @minItems 1
   */
  linear: string[];
  when?: LawCondition;
}
/**
 * Values of options, and numbers that fill inputs.
 */
export interface LawCondition {
  [k: string]: number;
}
/**
 * Permuting these inputs along an axis changes nothing; or, with `outputs`, permutes these along the same axis.
 */
export interface PermutationLaw {
  permute: string;
  /**
   * @minItems 1
   */
  together: string[];
  /**
   * @minItems 1
   */
  outputs?: string[];
  when?: LawCondition;
}
/**
 * The weights of the values sum to this number: where the values are all 1, so is every row of o that sees a key.
 */
export interface ConvexLaw {
  rowsSumTo: number;
  /**
   * The inputs that are 1; default: v.
   *
   * @minItems 1
   */
  values?: string[];
  /**
   * The inputs whose product is the keys, for operators without k: codes, then their scales.
   *
   * @minItems 1
   */
  keys?: string[];
  when?: LawCondition;
}
/**
 * Under a condition the operator is another one, of the inputs of the same names.
 */
export interface ReducesLaw {
  equals: string;
  when?: LawCondition;
  /**
   * The mask of the other operator's call, where it is not the same.
   */
  mask?: string;
  /**
   * Options of the other operator's call; default: those of the same names.
   */
  options?: {
    [k: string]: number;
  };
}
/**
 * A run over all tokens along an axis equals two runs over its parts, where the second begins with the state that the first ends with.
 */
export interface SplitLaw {
  split: string;
  /**
   * The optional input that begins with it, by the output that ends with it.
   */
  state: {
    [k: string]: string;
  };
}
/**
 * What `power --json` prints: kernels with one known fault each, and which check found it.
 */
export interface Power {
  mutants: PowerMutant[];
}
export interface PowerMutant {
  id: string;
  /**
   * Of the bugs that it stands for.
   */
  class: string;
  killed: boolean;
  /**
   * Declared to compute what it should.
   */
  equivalent: boolean;
  /**
   * The check that failed first.
   */
  check: string | null;
  /**
   * Judged up to the first failure.
   */
  cases: number;
  seconds: number;
  case: Case | null;
  /**
   * Explanation of the failure; absent where there is none.
   */
  hint?: string;
}
/**
 * The dialect of an implementation, as its answers to a few calls tell it.
 */
export interface Probe {
  format: 1;
  /**
   * Version of attention-cts.
   */
  suite: string;
  adapter: ProbedAdapter;
  environment: Environment;
  dtype: DType;
  /**
   * The cases that the kernel was called with, in order.
   */
  calls: Case[];
  axes: ProbedAxis[];
  dialect: Dialect2;
}
export interface ProbedAdapter {
  id: string;
  title: string;
  version: null | string;
}
export interface ProbedAxis {
  axis: string;
  status: 'inferred' | 'not-inferred' | 'not-asked';
  /**
   * One, or those that the outputs of this kernel do not tell apart; none where it is not inferred.
   */
  values: string[];
  /**
   * By which it is judged.
   */
  declared: string;
  /**
   * Who says so.
   */
  from: 'declared' | 'default';
  /**
   * Why it is not inferred, or not asked.
   */
  reason?: string;
  evidence: ProbeEvidence[];
}
export interface ProbeEvidence {
  /**
   * Place in `calls`.
   */
  call: number;
  output?: 'o' | 'lse';
  index?: number[];
  actual?: JsonNumber;
  /**
   * The case, what was seen, what each value would give.
   */
  text: string;
  fits: string[];
}
/**
 * How an implementation fills in what the field leaves open. An absent axis has its default, the first value.
 */
export interface Dialect2 {
  causal?: 'bottom-right' | 'top-left';
  emptyOutput?: 'zero' | 'nan' | 'mean';
  emptyLse?: '-inf' | '+inf' | 'zero' | 'nan' | 'finite';
  maskedNaN?: 'shielded' | 'leaks';
  lseBase?: 'e' | '2';
  lseSink?: 'included' | 'excluded';
  heads?: 'grouped' | 'tiled';
  window?: 'inclusive' | 'exclusive';
  softcap?: 'before-mask' | 'after-mask';
  bias?: 'after-softcap' | 'before-softcap';
  booleanMask?: 'keep' | 'drop';
  defaultScale?: '1/sqrt(d)' | '1';
  defaultEps?: '1e-6' | '1e-5' | '1e-8' | '1e-10' | '1e-12' | '0';
  alibi?: 'relative' | 'distance' | 'key';
}
/**
 * Verdict on a solution, as `judge problem.py --solution new.py --json` prints it.
 */
export interface ProblemVerdict {
  format: 1;
  /**
   * File with Model.
   */
  problem: string;
  /**
   * File with ModelNew.
   */
  solution: string;
  verdict: 'pass' | 'fail' | 'inconclusive';
  /**
   * operator: judged by an operator of the suite; error-analysis: by bounds of a float64 run of the reference, the weaker kind.
   */
  kind: 'operator' | 'error-analysis';
  /**
   * The operator that Model is.
   */
  operator?: string;
  /**
   * Seed of the draws.
   */
  seed: number;
  /**
   * drawn: other ones for each draw; seeded: ModelNew holds others than Model, so that both are made after the same seed.
   */
  parameters: 'drawn' | 'seeded';
  draws: DrawCounts;
  /**
   * Largest error, in bounds.
   */
  worstOverBound: number | 'Infinity';
  causes: ProblemCause[];
  /**
   * Why outputs are undecided, a sentence each.
   */
  undecided: string[];
  /**
   * ATen operations of the reference that were analysed.
   */
  operations: string[];
  /**
   * ATen operations of the reference without a known bound; the verdict is then inconclusive.
   */
  withoutRule: string[];
}
export interface DrawCounts {
  passed: number;
  /**
   * Outputs whose bounds are too wide to tell.
   */
  undecided: number;
}
/**
 * One thing that is wrong.
 */
export interface ProblemCause {
  kind: 'value' | 'shape' | 'dtype' | 'refused' | 'crash' | 'state' | 'inputs';
  /**
   * Number and distribution of the draw, or none.
   */
  draw: string;
  message: string;
  /**
   * Largest error of the draw, in bounds.
   */
  overBound?: number | 'Infinity';
}
export interface ProcessStartCommand {
  cmd: 'start';
  protocol: 1;
  /**
   * Operators in force but softmax, by name: their documents without programs, second forms, laws and sources, so that the line stays small. A process may ignore it.
   */
  operators?: {
    [k: string]: ProcessOperator;
  };
}
export interface ProcessOperator {
  [k: string]: unknown;
}
export interface ProcessCallCommand {
  cmd: 'forward' | 'backward' | 'time';
  seq: number;
  case: Case;
  /**
   * Absolute path of a safetensors file.
   */
  inputs: string;
  /**
   * Absolute path of the file to write; it does not exist yet.
   */
  outputs: string;
  /**
   * Inputs that are not contiguous: the file holds a flat buffer.
   */
  views?: {
    [k: string]: ProcessView;
  };
  /**
   * Of "forward", where the capabilities claim it. "capture": the call is captured, and answered by its first replay. "replay": the inputs have the names, types and shapes of the call captured last; they are written into its buffers, and it is replayed.
   */
  captured?: 'capture' | 'replay';
  /**
   * Of a case on several ranks: seconds in which an answer is awaited.
   */
  timeout?: number;
  /**
   * Of "time".
   */
  pass?: 'forward' | 'backward';
  warmup?: number;
  repeats?: number;
  /**
   * Caches are emptied before each repeat.
   */
  flush?: boolean;
}
export interface ProcessView {
  shape: number[];
  /**
   * In elements.
   */
  strides: number[];
  /**
   * In elements.
   */
  offset: number;
}
export interface ProcessStopCommand {
  cmd: 'stop';
}
/**
 * Process protocol 1: what a process answers to "forward", "backward" and "time": one of ok, unsupported and error.
 */
export interface ProcessReply {
  /**
   * That of the command.
   */
  seq: number;
  /**
   * The outputs are written, the device is synchronised.
   */
  ok?: true;
  /**
   * Why the call is not supported.
   */
  unsupported?: string;
  error?: ProcessError;
  /**
   * "time": one for each repeat.
   */
  nanoseconds?: number[];
  /**
   * "time": whose clock it was.
   */
  method?: 'device' | 'wall';
  /**
   * "time": most memory in use during the repeats.
   */
  peakBytes?: number;
  /**
   * Ranks of a context-parallel job: bytes sent and received, area of the mask computed, time, outputs.
   */
  ranks?: ProcessRank[];
}
export interface ProcessError {
  message: string;
  traceback?: string;
  /**
   * "out-of-memory": the machine is too small for the case. "rank-died", "rank-hangs": of a job of several ranks, which the message names. "misbehaviour": the kernel would deceive whoever judges or times it; the message says by what.
   */
  kind?: string;
  /**
   * The device is lost: the process is to be started anew.
   */
  fatal?: boolean;
}
export interface ProcessRank {
  sent?: number;
  received?: number;
  area?: number;
  nanoseconds?: number;
  /**
   * The rank's own outputs, whole, or its shard of them: a file beside that of the call; the call's own, where they are those of rank 0.
   */
  outputs?: string;
  /**
   * The rank's file has parts of the outputs alone, by the axis that was cut: what of it the rank has, in the order of its file. A tensor is cut along the first of its axes that is named.
   */
  shard?: {
    [k: string]: Positions[];
  };
}
/**
 * Process protocol 1: what a process answers to "start": who it is and what it claims, or why it cannot run here.
 */
export interface ProcessStart {
  protocol: 1;
  adapter?: ProcessAdapter;
  /**
   * Versions, device, driver.
   */
  environment?: {
    [k: string]: string | number | boolean | null;
  };
  capabilities?: Capabilities;
  unavailable?: ProcessUnavailable;
}
export interface ProcessAdapter {
  id: string;
  title: string;
  version?: string;
}
export interface ProcessUnavailable {
  reason: string;
  remedy?: string;
}
/**
 * A versioned list of checks an implementation can claim.
 */
export interface Profile {
  $schema?: string;
  name: string;
  version: number;
  title: string;
  /**
   * Profiles all of whose checks belong to this one too.
   */
  includes?: string[];
  /**
   * Judged only where it is asked for, or included: it takes long, or another profile has its checks.
   */
  byName?: boolean;
  /**
   * Operators that no profile names, such as those of `--spec`, are asked its checks too.
   */
  others?: boolean;
  /**
   * @minItems 1
   */
  operators?: string[];
  /**
   * Families all of whose operators are asked, beside `operators`.
   *
   * @minItems 1
   */
  families?: string[];
  /**
   * @minItems 1
   */
  properties: string[];
}
/**
 * An implementation of others: the packages or the source that its environment needs, and the kernels of it that are judged.
 */
export interface ProjectDocument {
  $schema?: string;
  title: string;
  homepage: string;
  python?: PythonPackages;
  history?: ReleasedVersion;
  /**
   * Debian packages that it runs with.
   */
  debian?: string[];
  source?: ProjectSource;
  environment?: Variables1;
  /**
   * Kernels by the id of their adapter, which begins with the name of the project's folder.
   */
  entries: {
    [k: string]: ProjectEntry;
  };
}
/**
 * Packages of PyPI. Two projects with the same ones share an environment.
 */
export interface PythonPackages {
  /**
   * The package under test. Absent for a project that PyPI does not have, whose files are those of `source`.
   */
  package?: string;
  /**
   * The version that is judged unless another one is named.
   */
  version?: string;
  /**
   * Further packages that the kernels need, with exact versions.
   */
  with?: string[];
  /**
   * Packages that are installed without the packages that they require.
   */
  withoutDependencies?: string[];
  /**
   * Packages that have no wheel and are built on this machine; all others must have one.
   */
  built?: string[];
  buildEnvironment?: Variables;
  /**
   * The day from which on uploads to PyPI are ignored, so that the packages which others require resolve to the same versions at any time.
   */
  before: string;
  /**
   * Python's version, such as 3.12. Default: the newest one installed.
   */
  interpreter?: string;
  /**
   * The command that installs it where `project install` cannot, such as on a machine with a GPU.
   */
  byHand?: string;
  /**
   * Modules that an interpreter must have, for one that the user names or that is found. Default: the package's name with _ in place of -.
   */
  modules?: string[];
}
/**
 * Variables while packages are built.
 */
export interface Variables {
  [k: string]: string;
}
export interface Release {
  version: string;
  with?: string[];
  before?: string;
  interpreter?: string;
}
/**
 * Files that no registry has: a commit of a repository, taken from a folder of checkouts.
 */
export interface ProjectSource {
  repository: string;
  commit: string;
  /**
   * A file that shows that the source is ready, such as the library that its build writes.
   */
  holds: string;
  /**
   * The command that makes this file, run in the source's folder.
   */
  prepare?: string;
}
/**
 * Variables while its kernels run.
 */
export interface Variables1 {
  [k: string]: string;
}
export interface ProjectEntry {
  title: string;
  /**
   * FILE.py:FUNCTION in the folder of the project, or a native or WGSL manifest there, whose paths begin in the folder attention-cts of the source.
   */
  kernel: string;
  /**
   * True for a context-parallel scheme.
   */
  scheme?: true;
  /**
   * The checks that `run --slow` judges without --adapter: all, those of the usual masks, or none.
   */
  judged?: 'all' | 'usual' | 'by name';
}
/**
 * What a run found: the source of every report.
 */
export interface Result {
  format: 1;
  /**
   * Version of attention-cts.
   */
  suite: string;
  /**
   * Version of every spec document judged by, such as {"operator softmax": "1.0.0"}.
   */
  spec: {
    [k: string]: string;
  };
  seed: number;
  plan: PlanSummary;
  /**
   * ISO 8601.
   */
  started: string;
  adapters: AdapterResult[];
  checks: CheckResult[];
  profiles: ProfileTally[];
  /**
   * Written last.
   */
  complete: boolean;
}
export interface PlanSummary {
  hash: string;
  runs: number;
  /**
   * Ids of the adapters of which everything was to be judged that they claim: those that were named, by a run without --filter and --profile.
   */
  whole?: string[];
  shard: null | string;
  /**
   * Of a shard: the hash of the cost table by which the plan was divided.
   */
  costs?: string;
  /**
   * Of a shard: the checks of the whole plan.
   */
  checks?: number;
  /**
   * Of a shard: where each of its checks stands in the whole plan.
   */
  places?: number[];
}
export interface AdapterResult {
  id: string;
  title: string;
  version: string | null;
  environment: Environment;
  capabilities?: Capabilities | null;
  speed?: Speed;
  /**
   * Checks of operators that it does not claim, which no check of this result stands for: how many of each operator.
   */
  unclaimed?: {
    [k: string]: number;
  };
  dialect: {
    [k: string]: DialectEntry;
  };
  unavailable?: UnavailableReason;
}
export interface DialectEntry {
  value: string;
  from: 'declared' | 'flag' | 'default';
}
export interface UnavailableReason {
  reason: string;
  remedy: string;
}
export interface CheckResult {
  id: string;
  adapter: string;
  verdict: Verdict;
  /**
   * The expectations file names this verdict.
   */
  expected?: boolean;
  class?: string;
  reason?: string;
  /**
   * Cases judged.
   */
  cases: number;
  /**
   * Cases drawn again because more than a tenth of their elements had no finite bound.
   */
  undecided: number;
  coverage: {
    [k: string]: number;
  };
  milliseconds: number;
  error?: {
    [k: string]: ErrorStatistics;
  };
  /**
   * What is odd about errors that are within their bounds. No failure, unless asked to be.
   */
  warnings?: AccuracyWarning[];
  hunt?: Hunt;
  failure?: FailureSummary;
}
/**
 * Over every element with a finite bound. histogram counts error/bound in [0, 0.1), [0.1, 0.2), … [0.9, 1], above 1.
 */
export interface ErrorStatistics {
  elements: number;
  undecided: number;
  /**
   * Why elements are undecided, once for each cause.
   */
  because?: string[];
  maxOverBound: JsonNumber;
  /**
   * @minItems 11
   * @maxItems 11
   */
  histogram: number[];
  maxUlp: JsonNumber;
}
export interface AccuracyWarning {
  output: string;
  kind: 'accuracy' | 'bias' | 'zero-sign';
  /**
   * accuracy: error ÷ that of a textbook implementation of the same precision. bias: mean ÷ root mean square of the errors, negative towards zero or downwards. zero-sign: number of elements.
   */
  ratio: number;
  text: string;
}
/**
 * What --hunt came to, after the cases of the check: how many it reaches depends on time.
 */
export interface Hunt {
  /**
   * Cases judged.
   */
  cases: number;
  maxOverBound: JsonNumber2;
  case?: Case;
}
/**
 * The smallest case found, and its worst element.
 */
export interface FailureSummary {
  /**
   * Of the failure, relative to the result document: failures/ADAPTER/CHECK.
   */
  folder?: string;
  case: Case;
  output?: string;
  index?: number[];
  expected?: JsonNumber;
  actual?: JsonNumber;
  bound?: JsonNumber;
  message?: string;
  /**
   * What a kernel with this symptom usually does wrong.
   */
  hint?: string;
  explanations?: Explanations;
  /**
   * True if the failure follows from other wrong answers of the kernel, as the hint says: it ends with them.
   */
  entailed?: true;
  /**
   * Message of an error of the suite that ended the search for an explanation.
   */
  unexplained?: string;
  /**
   * Places of the wrong elements, if nothing explains them: those of the failing case that has the most wrong elements.
   */
  where?: string;
  /**
   * Weights of the keys, read out with one-hot values, or of a backward pass with a one-hot do, if nothing explains the failure: those of the row of the smallest case that is furthest off.
   */
  weights?: string;
  passesWith?: PassingSizes;
  call?: FailingCall;
  tensors?: FailureTensors;
  worst?: WorstCase;
  /**
   * Steps of shrinking that were taken.
   */
  shrunk?: number;
  /**
   * Of five further runs of this case, how many failed the same way; -1 where it was not run again.
   */
  reproduced: number;
}
/**
 * What the kernel was given, what was expected of it and what it answered.
 */
export interface FailureTensors {
  inputs: ShownTensors;
  expected: ShownTensors;
  actual: ShownTensors;
}
/**
 * The tensors of a failing call by name, layout bhld: small ones with their elements, in row-major order.
 */
export interface ShownTensors {
  [k: string]: ShownTensor;
}
export interface ShownTensor {
  dtype: string;
  shape: number[];
  values?: JsonNumber[];
}
export interface ProfileTally {
  /**
   * Such as core@1.
   */
  name: string;
  adapter: string;
  pass?: number;
  fail?: number;
  crash?: number;
  timeout?: number;
  unsupported?: number;
  unavailable?: number;
  'not-run'?: number;
  error?: number;
}
/**
 * A way to compute attention on P ranks: where tokens lie, what it needs, what it sends. Expressions may name P, tokens, T (tokens, padded), n = T/P, b, hk, g, hq = hk·g, d, e, per-rank elements Q = b·hq·n·d, O = b·hq·n·e, L = b·hq·n, K = b·hk·n·d, V = b·hk·n·e, sink (1 where its gradient is asked for), and the scheme's parameters; a layout also t, the token; the elements of a volume also r, the rank that sends. Parameters and the unit know P, tokens, dims, m and sink.
 */
export interface Scheme {
  $schema?: string;
  name: string;
  version: string;
  title: string;
  also?: Also;
  rows?: Rows;
  /**
   * @minItems 1
   */
  source: Source[];
  /**
   * Those that are right across shards: any, or a list.
   */
  masks: 'any' | string[];
  /**
   * @minItems 1
   */
  directions: ('forward' | 'backward')[];
  /**
   * Whose cases it computes. Default softmax.
   *
   * @minItems 1
   */
  operators?: string[];
  /**
   * Operators that the kernel on each rank must have, where they are others than those that the scheme computes.
   *
   * @minItems 1
   */
  inside?: string[];
  /**
   * Where queries lie: with their tokens (default; m = n), on every rank, or on rank 0.
   */
  queries?: 'sharded' | 'replicated' | 'root';
  /**
   * Parameters of the mask, options of the operator, `state`, the elements of the state that the operator carries, and `segmentState`, those of one packed segment: what expressions may name too.
   *
   * @minItems 1
   */
  given?: string[];
  /**
   * Sizes that the world is cut into, each from P and those before it.
   */
  parameters?: {
    [k: string]: Expression;
  };
  /**
   * How many partial results, each stored, are merged into one at most. Default 2·P, and 1 on one rank.
   */
  parts?: Expression;
  /**
   * How many of these results have the same query and key at most. Default 1.
   */
  copies?: Expression;
  /**
   * Tokens are padded to a multiple of this; padding is masked. Default P.
   */
  unit?: Expression;
  /**
   * What happens to a number of tokens that is no multiple of the unit: padded, each document padded by itself, refused, or taken as it is.
   */
  uneven?: 'pad' | 'pad-documents' | 'refuse' | 'any';
  /**
   * The rank of token t; or solved: the program places tokens by the mask.
   */
  layout: 'solved' | Expression;
  /**
   * What must hold, and what a refusal says.
   */
  needs: Need[];
  /**
   * Sent per rank, for P of 2 and more.
   */
  volume: {
    forward: Volume;
    backward?: Volume;
  };
  /**
   * The largest area of a rank over the mean, by mask: an expression it equals, or, with most, does not exceed.
   */
  balance: {
    [k: string]: Balance;
  };
  /**
   * Equal to one device, within the bound.
   */
  exact: boolean;
}
export interface Need {
  holds: Expression;
  text: string;
}
/**
 * Elements that each rank sends, in the case's dtype or as partial sums; or, where no closed form exists, a sum over senders, receivers and places: a key or a query, of all heads and batch entries, is sent by its owner to each other rank that needs it, `width` elements each.
 */
export interface VolumeTerm {
  what: string;
  elements?: Expression;
  /**
   * key: a key goes to the ranks of which a query sees it. query: a query goes to the ranks of which it sees a key. key-return, query-return: those ranks send it back. key-ring: a key goes round the ranks that have tokens of its document, in their order, up to the last; key-ring-home: back to its owner. remap: a token goes to the rank that computes its attention, where that is another; remap-return: back. With a remap, rings are of those ranks. token: a token goes to each other rank, with a width of its own, whose expression also names r, the owner, s, the other rank, and t, the token; token-return: back.
   */
  each?:
    'key' | 'key-return' | 'query' | 'query-return' | 'key-ring' | 'key-ring-home' | 'remap' | 'remap-return' | 'token' | 'token-return';
  width?: Expression;
  /**
   * storage: the case's dtype. accumulator: f64 for f64, else f32.
   */
  as: 'storage' | 'accumulator';
}
export interface Simulated {
  cluster: string;
  /**
   * Mask, heads, dtype, in words.
   */
  workload: string;
  scheme: string;
  ranks: number;
  tokens: number;
  forward: SimulatedPass;
  backward?: SimulatedPass;
  /**
   * Both passes where both were asked for and the scheme has both, else the forward pass.
   */
  seconds: number;
  /**
   * Of the ideal.
   */
  share: number;
  /**
   * Held by a rank at once, the most of all ranks and passes.
   */
  peakBytes: number;
  /**
   * A device has as much.
   */
  fits: boolean;
  messages: number;
}
export interface SimulatedPass {
  seconds: number;
  /**
   * The same work spread evenly over the ranks at the device's rate, without a message.
   */
  idealSeconds: number;
  share: number;
  /**
   * By a rank.
   */
  sentBytes: Spread;
  /**
   * By all ranks.
   */
  bytesByLink: {
    [k: string]: number;
  };
  peakBytes: number;
  /**
   * The largest area of a rank over the mean.
   */
  imbalance: number;
  computeSeconds: Spread;
  idleSeconds: Spread;
}
/**
 * Over the ranks.
 */
export interface Spread {
  mean: number;
  most: number;
}
export interface RefusedSimulation {
  cluster: string;
  workload: string;
  scheme: string;
  ranks: number;
  tokens: number;
  /**
   * Why it cannot be, in the scheme's words.
   */
  refused: string;
}
/**
 * Published operators that have no document here, and papers of the list that this suite began with that define no operator, each with the reason.
 */
export interface UndefinedOperators {
  $schema?: string;
  operators: UndefinedOperator[];
  papers: UndefinedPaper[];
}
export interface UndefinedOperator {
  name: string;
  /**
   * Family that its document would be of.
   */
  family: string;
  /**
   * Number of its paper, as in `rows` of documents.
   */
  row?: number;
  /**
   * @minItems 1
   */
  source: Source[];
  /**
   * Facts that are known of it.
   */
  known: string;
  /**
   * Why it cannot be defined.
   */
  reason: string;
}
export interface UndefinedPaper {
  /**
   * Number of the paper, as in `rows` of documents.
   */
  row: number;
  title: string;
  /**
   * What it is about in place of an operator.
   */
  reason: string;
}
/**
 * Frozen cases with what is expected of them: the index of a folder of safetensors files.
 */
export interface Vectors {
  format: 1;
  /**
   * Version of attention-cts.
   */
  suite: string;
  /**
   * Version of every spec document they were made by.
   */
  spec: {
    [k: string]: string;
  };
  seed: number;
  /**
   * What a kernel must claim to be asked these cases; its numeric profile is that of the bounds.
   */
  capabilities: Capabilities;
  vectors: Vector[];
}
export interface Vector {
  check: string;
  case: Case;
  /**
   * forward: o and lse. backward: the gradients.
   */
  pass: 'forward' | 'backward';
  /**
   * Inputs by name; expected.X and bound.X in F64, for each output X. An element passes where |X − expected| ≤ bound, or both are the same infinity or NaN; an infinite bound decides nothing.
   */
  file: string;
  sha256: string;
}
/**
 * An attention kernel in a WGSL file: which buffers it is given, how it is dispatched, what it claims. Names in expressions are listed in adapters/backends/manifest/names.ts.
 */
export interface WgslManifest {
  $schema?: string;
  adapter: {
    id: string;
    title: string;
    version?: string;
  };
  /**
   * The WGSL file, relative to the manifest; or one for each dtype.
   */
  file: string | WgslFilePerDType;
  /**
   * The compute entry point, where there is one pass.
   */
  entry?: string;
  workgroups?: WgslWorkgroups;
  passes?: WgslPasses;
  bindings: WgslBindings;
  uniforms?: WgslUniforms;
  overrides?: WgslOverrides;
  scratch?: WgslScratch;
  backward?: WgslProgram;
  capabilities: Capabilities;
}
export interface WgslFilePerDType {
  f32?: string;
  f16?: string;
  bf16?: string;
  f8e4m3?: string;
  f8e5m2?: string;
}
export interface WgslPass {
  /**
   * The compute entry point, where there is one pass.
   */
  entry: string;
  workgroups: WgslWorkgroups;
}
/**
 * A storage buffer. Elements as they are, 16- and 8-bit ones packed; BOOL as a u32 for each element. An input that a case lacks is 16 bytes of zero.
 */
export interface WgslBinding {
  /**
   * Default 0.
   */
  group?: number;
  binding: number;
  /**
   * An input, an output, or a scratch buffer.
   */
  tensor: string;
  /**
   * Default: read for inputs, read_write for outputs and scratch.
   */
  access?: 'read' | 'read_write';
  /**
   * Of an output that is wider than the case's dtype.
   */
  dtype?: 'f32';
}
/**
 * A uniform buffer that holds a struct of these fields, in this order, four bytes each.
 */
export interface WgslUniforms {
  /**
   * Default 0.
   */
  group?: number;
  binding: number;
  /**
   * @minItems 1
   */
  fields: WgslField[];
}
export interface WgslField {
  name: string;
  type: 'u32' | 'i32' | 'f32';
  /**
   * Default: the value of that name.
   */
  value?: Expression;
}
/**
 * Pipeline-overridable constants; each set of values is a pipeline of its own, so say so in compilesPer.
 */
export interface WgslOverrides {
  [k: string]: Expression;
}
/**
 * Buffers that passes share, and their sizes in bytes; zero at the start of each call.
 */
export interface WgslScratch {
  [k: string]: Expression;
}
/**
 * The backward pass. One that binds o and lse is given those of the forward pass, of a whole where the case is a block of it.
 */
export interface WgslProgram {
  /**
   * The WGSL file, relative to the manifest; or one for each dtype.
   */
  file: string | WgslFilePerDType;
  /**
   * The compute entry point, where there is one pass.
   */
  entry?: string;
  workgroups?: WgslWorkgroups;
  passes?: WgslPasses;
  bindings: WgslBindings;
  uniforms?: WgslUniforms;
  overrides?: WgslOverrides;
  scratch?: WgslScratch;
}
