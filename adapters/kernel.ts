/// <reference lib="esnext.disposable" preserve="true" />
import type { Prefill } from '../spec/tensor/prefill.js';
import type { Tensors } from '../spec/tensor/tensor.js';
import type { Case } from '../spec/types/documents.js';

/**
 * Case with its tensors. They are contiguous unless the capabilities claim `strided`.
 *
 * Layout bhld: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e]; if they apply, mask BOOL [b,
 * hk·g, m, n] (or size 1 if claimed), bias, alibi and sink [hk·g], document, lengths, blocks,
 * blockEdges; backward do [b, hk·g, m, e] and dlse; for blocks of a larger attention its o and lse.
 *
 * Layout thd, packed: q [tq, hk·g, d], k [tk, hk, d], v [tk, hk, e], o and do [tq, hk·g, e], lse
 * and dlse [hk·g, tq], and cu_q and cu_k I32 [documents + 1], the starts of the documents.
 *
 * Paged cache (created by the history): q, k_pages [pages, page, hk, d], v_pages [pages, page, hk,
 * e], block_table I32 [b, maxPages], cache_lengths I32 [b], and, if `append` is claimed, k_new and
 * v_new, shaped like k and v of m keys, to append.
 */
export interface Call {
  readonly case: Case;
  readonly tensors: Tensors;
  /** Initial content of the outputs' memory; default: NaN. */
  readonly prefill?: Prefill;
}

/**
 * Outputs of the forward pass: o [b, hk·g, m, e] in the case's dtype or wider; lse [b, hk·g, m] in
 * f32 (f64 for f64) if claimed; k_pages and v_pages with the new tokens.
 */
export type Outputs = Tensors;

/** Gradients dq, dk, dv, shaped like q, k, v; dsink, dbias, dalibi if claimed. */
export type Gradients = Tensors;

/** Computes a captured call from the current contents of its tensors. */
export type Replay = () => Promise<Outputs>;

/** Open implementation. Calls come one at a time. */
export interface Kernel extends AsyncDisposable {
  /** Versions, device and driver that a reader needs to reproduce a result. */
  readonly environment: Readonly<Record<string, string>>;
  forward(call: Call): Promise<Outputs>;
  backward?(call: Call): Promise<Gradients>;
  /** Captures a forward call, like CUDA graphs, for the claim `captured`. Tensors stay in place. */
  capture?(call: Call): Promise<Replay>;
  /** Times a call, for the claim `commands`. */
  time?(call: Call, timing: Timing): Promise<Durations>;
}

export interface Timing {
  readonly pass: 'forward' | 'backward';
  readonly warmup: number;
  readonly repeats: number;
  readonly flush: boolean;
}

export interface Durations {
  readonly nanoseconds: readonly number[];
  /** Clock: events of the device, or the wall clock of the process. */
  readonly method: 'device' | 'wall';
  readonly peakBytes?: number;
  readonly outputs: Outputs;
}

/** Error of an adapter that cannot run on this machine, with the command or step that fixes it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason} (${remedy})`);
  }
}

/** Error of an unsupported call; inside the claims it is a failure of class `refused`. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** Error of a process or device that died or broke its protocol; `how` is one of `crashWords`. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
  constructor(
    readonly how: string,
    message: string,
  ) {
    super(message);
  }
}

/** Signals of Linux and macOS. */
const signals = 'HUP INT QUIT ILL TRAP ABRT IOT BUS EMT FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG';
const moreSignals = 'XCPU XFSZ VTALRM PROF WINCH IO POLL INFO PWR SYS UNUSED';

/** Classes of crashes: signals and other causes. Codes are in the message. */
export const crashWords: readonly string[] = [
  ...[
    'exit',
    'channel',
    'protocol',
    'device-lost',
    'rank-died',
    'timeout',
    'browser',
    'renderer',
    'worker',
    'ended',
    'not-restarted',
    'crash',
  ],
  ...`${signals} ${moreSignals}`.split(' ').map((name) => `SIG${name}`),
];

/** Returns a known cause of a crash; user kernels may throw any text. */
export function crashWord(how: string): string {
  return crashWords.includes(how) ? how : 'crash';
}

/** Loss of the device: the adapter restarts, and the case runs once more, alone. */
export class DeviceLost extends Crashed {
  constructor(message: string) {
    super('device-lost', message);
  }
}

/** Lack of memory. The case counts as unsupported. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** Error of a kernel that writes outside its outputs, or tries to deceive its judge. */
export class Intruded extends Error {
  override readonly name = 'Intruded';
  constructor(
    readonly how: 'mutated-input' | 'overrun' | 'misbehaviour',
    message: string,
  ) {
    super(message);
  }
}
