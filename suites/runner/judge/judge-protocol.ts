import type { SpecDocument } from '../../../spec/library.js';
import type { Capabilities, Case, Dialect, FailureTensors } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { TensorRecord } from '../host/wire.js';
import type { Outcome } from '../run/outcome.js';
import type { Statistics } from '../run/statistics.js';

/** Outputs of cases: bytes, or the descriptor of a file that has them. */
export type SentData = ArrayBuffer | number;

/** Start data of a judge. */
export interface JudgeStart {
  readonly documents: readonly SpecDocument[];
}

/** Capabilities of an adapter, as it declared them, and the dialect declared on top of them. */
export interface Declaration {
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
}

/** Case with the outputs of its calls, which are in one of the message's buffers. */
export interface CaseToJudge {
  readonly case: Case;
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  /** Index of the buffer in the message. */
  readonly data: number;
  /** A segment ends with this case: the outcome of the next one comes from the host process, or each case is a segment. */
  readonly ends: boolean;
}

export type JudgeTask =
  | { readonly type: 'claims'; readonly adapter: string; readonly claims: Declaration }
  | {
      readonly type: 'judge';
      readonly adapter: string;
      readonly property: string;
      readonly cases: readonly CaseToJudge[];
      readonly data: readonly SentData[];
      /** True if failures are to be explained. */
      readonly diagnose?: boolean;
      /** Hypotheses to confirm, if they alone are to be tried; passes then say which of them they refute. */
      readonly suppose?: readonly Hypothesis[];
    }
  /** Asks for the tensors of a case, for a failure folder; `actual` only if its calls were answered. */
  | {
      readonly type: 'failure-tensors';
      readonly adapter: string;
      readonly property: string;
      readonly case: Case;
      readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
      readonly data: SentData;
      /** Index of its wrong call. */
      readonly call?: number;
      /** Index of the call whose answer is the expected one. */
      readonly against?: number;
    };

/**
 * Statistics and coverage of successive cases, up to a failure, a case that is marked as an end, or the end of the batch. A check counts
 * the segments up to the case at which it ends.
 */
export interface CaseSegment {
  readonly cases: number;
  readonly statistics: Statistics;
  readonly coverage: Readonly<Record<string, number>>;
}

export interface Judged {
  readonly outcomes: readonly Outcome[];
  readonly segments: readonly CaseSegment[];
}

/** Safetensors files of a case, and the tensors that reports show of them. */
export interface FailureTensorFiles {
  readonly inputs: Uint8Array;
  readonly expected: Uint8Array;
  readonly bound: Uint8Array;
  readonly actual?: Uint8Array;
  readonly shown?: FailureTensors;
}

export type JudgeReply = { readonly ok: Judged | FailureTensorFiles } | { readonly error: string };
