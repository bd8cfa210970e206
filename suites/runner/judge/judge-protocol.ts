import type { SpecDocument } from '../../../spec/library.js';
import type { Capabilities, Case, Dialect, FailureTensors } from '../../../spec/types/documents.js';
import type { Explanation as Hypothesised } from '../../diagnosis/hints/diagnosis.js';
import type { TensorRecord } from '../host/wire.js';
import type { Outcome } from '../run/outcome.js';
import type { Statistics } from '../run/statistics.js';

/** What a judge is started with. */
export interface JudgeStart {
  readonly documents: readonly SpecDocument[];
}

/** What an adapter claims, as it declared it, and the dialect declared on top. */
export interface Claims {
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
}

/** A case with the outputs of its calls, which lie in one of the message's buffers. */
export interface CaseToJudge {
  readonly case: Case;
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  /** Index of the buffer. */
  readonly data: number;
  /** A segment ends with this case: the next one has its outcome from the host. */
  readonly ends: boolean;
}

export type JudgeTask =
  | { readonly type: 'claims'; readonly adapter: string; readonly claims: Claims }
  | {
      readonly type: 'judge';
      readonly adapter: string;
      readonly property: string;
      readonly cases: readonly CaseToJudge[];
      readonly data: readonly ArrayBuffer[];
      /** Failures are to be explained. */
      readonly diagnose?: boolean;
      /** Explanations to be confirmed, where they alone are to be tried; passes then say which of them they refute. */
      readonly suppose?: readonly Hypothesised[];
    }
  /** The tensors of a case, for a failure folder; `actual` only where its calls were answered. */
  | {
      readonly type: 'explain';
      readonly adapter: string;
      readonly property: string;
      readonly case: Case;
      readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
      readonly data: ArrayBuffer;
      /** Number of its wrong call, from 0. */
      readonly call?: number;
    };

/** Statistics and coverage of a run of cases that ends with a failure, where it is told to, or with the batch: a check counts those up to where it ends. */
export interface Segment {
  readonly cases: number;
  readonly statistics: Statistics;
  readonly coverage: Readonly<Record<string, number>>;
}

export interface Judged {
  readonly outcomes: readonly Outcome[];
  readonly segments: readonly Segment[];
}

/** Safetensors files, and what is shown of them. */
export interface Explanation {
  readonly inputs: Uint8Array;
  readonly expected: Uint8Array;
  readonly bound: Uint8Array;
  readonly actual?: Uint8Array;
  readonly shown?: FailureTensors;
}

export type JudgeReply = { readonly ok: Judged | Explanation } | { readonly error: string };
