/// <reference lib="esnext.disposable" preserve="true" />
import type { Prefill } from '../spec/tensor/prefill.js';
import type { Tensors } from '../spec/tensor/tensor.js';
import type { Case } from '../spec/types/documents.js';

/**
 * Case with its tensors. They are contiguous unless the capabilities claim `strided`.
 *
 * Layout bhld: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e]; if they apply, mask BOOL [b, hk·g, m, n] (or size 1 if claimed),
 * bias, alibi and sink [hk·g], document, lengths, blocks, blockEdges; for the backward pass do [b, hk·g, m, e] and dlse; for blocks
 * of a larger attention the global o and lse.
 *
 * Packed documents, layout thd: q [tq, hk·g, d], k [tk, hk, d], v [tk, hk, e], o and do as q with e for d, lse and dlse [hk·g, tq],
 * and cu_q and cu_k I32 [documents + 1], the positions at which the documents begin.
 *
 * Paged cache, for cases whose history creates it: q, k_pages [pages, page, hk, d], v_pages [pages, page, hk, e],
 * block_table I32 [b, maxPages], cache_lengths I32 [b], and, if `append` is claimed, k_new and v_new, shaped as k and v of m keys,
 * which come after those lengths.
 */
export interface Call {
  readonly case: Case;
  readonly tensors: Tensors;
  /** Content of the memory that the adapter gives the kernel for its outputs: NaN if absent. */
  readonly prefill?: Prefill;
}

/**
 * Outputs of the forward pass: o [b, hk·g, m, e] in the case's dtype or a wider one; lse [b, hk·g, m] in f32 (f64 for f64) if claimed;
 * k_pages and v_pages with the new tokens.
 */
export type Outputs = Tensors;

/** Gradients dq, dk, dv, shaped as q, k, v; dsink, dbias, dalibi if claimed. */
export type Gradients = Tensors;

/** Computes a captured call from what lies in its tensors now. */
export type Replay = () => Promise<Outputs>;

/** Implementation that is open for calls, which come one at a time. */
export interface Kernel extends AsyncDisposable {
  /** Versions, device and driver: everything that a reader needs to reproduce a result. */
  readonly environment: Readonly<Record<string, string>>;
  forward(call: Call): Promise<Outputs>;
  backward?(call: Call): Promise<Gradients>;
  /**
   * Captures a forward call, as CUDA graphs do: each run of what it returns computes the call anew from the numbers that its tensors, which
   * stay where they are, have by then. Present if the capabilities claim `captured`.
   */
  capture?(call: Call): Promise<Replay>;
  /** Times a call; present if `commands` of the capabilities claims it. */
  time?(call: Call, timing: Timing): Promise<Durations>;
}

export interface Timing {
  readonly pass: 'forward' | 'backward';
  /** Number of calls before the first that counts. */
  readonly warmup: number;
  readonly repeats: number;
  /** True if caches are emptied before each repeat. */
  readonly flush: boolean;
}

export interface Durations {
  /** Duration of each repeat. */
  readonly nanoseconds: readonly number[];
  /** Clock of the measurement: the device's events, or the process's wall clock. */
  readonly method: 'device' | 'wall';
  readonly peakBytes?: number;
  /** Outputs of the last repeat. */
  readonly outputs: Outputs;
}

/** Error of an adapter that cannot run on this machine: the reason, and the command or step that fixes it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason} (${remedy})`);
  }
}

/** Error of a kernel for a call that it does not support; inside its claims this is a failure of class `refused`. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/**
 * Error of a process or device that ran the kernel and died during a call, or broke its protocol: the verdict is `crash`.
 * `how` names the cause by one of `crashWords`.
 */
export class Crashed extends Error {
  override readonly name = 'Crashed';
  constructor(
    readonly how: string,
    message: string,
  ) {
    super(message);
  }
}

/** Signals by which a process may end: those of Linux and macOS. */
const signals = 'HUP INT QUIT ILL TRAP ABRT IOT BUS EMT FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG';
const moreSignals = 'XCPU XFSZ VTALRM PROF WINCH IO POLL INFO PWR SYS UNUSED';

/** Every class of a crash: signals, and how a process or device ends that dies by none. What varies, such as a code, is in the message. */
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

/** A cause of a crash as one of `crashWords`: a kernel can throw a `Crashed` of its own, with any text for a cause. */
export function crashWord(how: string): string {
  return crashWords.includes(how) ? how : 'crash';
}

/** Loss of the device: the adapter is started again, and the case is tried once more, alone. */
export class DeviceLost extends Crashed {
  constructor(message: string) {
    super('device-lost', message);
  }
}

/** Lack of memory for the case on this machine. This is no failure: the case counts as unsupported. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** Forbidden deed of a kernel: a write into an input or outside its outputs, or one by which it would deceive its judge. `how` is the class of the failure. */
export class Intruded extends Error {
  override readonly name = 'Intruded';
  constructor(
    readonly how: 'mutated-input' | 'overrun' | 'misbehaviour',
    message: string,
  ) {
    super(message);
  }
}
