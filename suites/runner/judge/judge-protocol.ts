import type { SpecDocument } from '../../../spec/library.js';
import type { Capabilities, Case, Dialect, FailureTensors } from '../../../spec/types/documents.js';
import type { Hypothesis } from '../../contract/diagnosis.js';
import type { TensorRecord } from '../host/wire.js';
import type { Outcome } from '../run/outcome.js';
import type { Statistics } from '../run/statistics.js';

/** Outputs of cases: bytes, or the descriptor of a file. */
export type SentData = ArrayBuffer | number;

/** Start data of a judge. */
export interface JudgeStart {
  readonly documents: readonly SpecDocument[];
}

/** Declared capabilities, and the dialect on top of them. */
export interface Declaration {
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
}

/** Case with its outputs in one of the message's buffers. */
export interface CaseToJudge {
  readonly case: Case;
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly data: number;
  /** True if a segment ends here. */
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
      readonly diagnose?: boolean;
      /** Only hypotheses to confirm; passes name the refuted ones. */
      readonly suppose?: readonly Hypothesis[];
    }
  /** Asks for a failure folder's tensors; `actual` needs answered calls. */
  | {
      readonly type: 'failure-tensors';
      readonly adapter: string;
      readonly property: string;
      readonly case: Case;
      readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
      readonly data: SentData;
      readonly call?: number;
      /** Index of the call with the expected answer. */
      readonly against?: number;
    };

/** Statistics and coverage of cases up to a failure, a marked end or the batch's end. */
export interface CaseSegment {
  readonly cases: number;
  readonly statistics: Statistics;
  readonly coverage: Readonly<Record<string, number>>;
}

export interface Judged {
  readonly outcomes: readonly Outcome[];
  readonly segments: readonly CaseSegment[];
}

/** Safetensors files of a case, and the tensors shown in reports. */
export interface FailureTensorFiles {
  readonly inputs: Uint8Array;
  readonly expected: Uint8Array;
  readonly bound: Uint8Array;
  readonly actual?: Uint8Array;
  readonly shown?: FailureTensors;
}

export type JudgeReply = { readonly ok: Judged | FailureTensorFiles } | { readonly error: string };
