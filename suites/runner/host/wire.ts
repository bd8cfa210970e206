import type { LoadOptions } from '../../../adapters/load-options.js';
import type { Limits } from '../../../adapters/parallel/transports/transport.js';
import type { SpecDocument } from '../../../spec/library.js';
import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Dialect } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../properties/property.js';

/** Runner to host. A batch holds the calls of each of its cases. */
export type ToHost =
  | {
      readonly type: 'start';
      readonly source: string;
      readonly documents: readonly SpecDocument[];
      readonly dialect: Dialect;
      readonly judgedBy?: Capabilities;
      readonly load: LoadOptions;
      /** Of jobs on ranks outside of this process. */
      readonly limits: Limits;
    }
  | { readonly type: 'batch'; readonly batch: number; readonly cases: readonly (readonly CallSpec[])[] }
  /** Makes the inputs of calls that will be timed; those of before in the same slot are let go. */
  | { readonly type: 'prepare'; readonly slot: number; readonly calls: readonly CallSpec[] }
  /**
   * One timed call. `keep`: its outputs are wanted, and whether anything goes on after it. `repeats`: the call is made so often, and its mean told.
   * `idle`: a stand-in that does no work answers in the kernel's place, which shows what messages and the host take by themselves.
   */
  | {
      readonly type: 'time';
      readonly slot: number;
      readonly call: number;
      readonly keep: boolean;
      readonly repeats?: number;
      readonly idle?: boolean;
    }
  | { readonly type: 'stop' };

/** Host to runner. `alive` says that a call returned; replies come in order, several to a message. */
export type FromHost =
  | { readonly type: 'loaded'; readonly adapter: LoadedAdapter }
  | { readonly type: 'opened'; readonly environment: Readonly<Record<string, string>> }
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'prepared'; readonly fault?: CallFault }
  | { readonly type: 'timed'; readonly timed: TimedCall | CallFault; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly error: ErrorRecord }
  | { readonly type: 'replies'; readonly batch: number; readonly replies: readonly CaseReply[]; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'alive' }
  /** The kernel is disposed of: how the host ends after it says nothing of the kernel. */
  | { readonly type: 'closed' }
  /** The last message: what the kernel's own process came to, before the host ends too. */
  | { readonly type: 'crashed'; readonly class: string; readonly message: string };

export interface LoadedAdapter {
  readonly id: string;
  readonly title: string;
  readonly version: string | null;
  readonly capabilities: unknown;
}

/** An error, as it crosses to another process. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a DocumentError. */
  readonly document?: { readonly document: string; readonly path: string; readonly problem: string };
}

/** Where a contiguous tensor lies in a message's data. */
export interface TensorRecord {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  /** Bytes from the start. */
  readonly offset: number;
}

/** `error`, `unsupported`: the kernel's answer. `unavailable`: its ranks cannot be started here. `shape`: not tensors. `derive`: ours, the tensors could not be made. */
export const faultKinds = ['error', 'unsupported', 'unavailable', 'out-of-memory', 'mutated-input', 'overrun', 'shape', 'derive'] as const;

/** What a host saw go wrong with a call. */
export interface CallFault {
  readonly kind: (typeof faultKinds)[number];
  readonly message: string;
  readonly stack?: string;
  /** Which of the case's calls. */
  readonly call: number;
}

/** What one timed call took, by the clock of the kernel's process or of its device. */
export interface TimedCall {
  readonly nanoseconds: number;
  readonly method: 'wall' | 'device';
  /** The kernel told it, by its command `time`; else it is the clock of its process around the call. */
  readonly told: boolean;
  /** Of a scheme: what each rank took. */
  readonly ranks?: readonly number[];
  readonly peakBytes: number;
  /** Where they are kept: as they were when the call returned. */
  readonly outputs?: Readonly<Record<string, TensorRecord>>;
  /** What was seen in the quiet after the return. */
  readonly after?: {
    /** Outputs that changed. */
    readonly changed: readonly string[];
    /** Of that time, the share in which the process was busy: above 1 on several cores. */
    readonly busy: number;
  };
}

/** Outputs of a case's calls, in order, up to the first that went wrong. */
export interface CaseReply {
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly fault?: CallFault;
}

/** Characters of a message or a stack that cross to another process. */
export const longest = 8000;

export function errorRecord(error: unknown): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', message: textOf(error) };
  const { name, message, stack } = error;
  const { document, path, problem } = error as unknown as Record<string, unknown>;
  const isDocument = name === 'DocumentError' && typeof document === 'string' && typeof path === 'string' && typeof problem === 'string';
  return {
    name: textOf(name),
    message: textOf(message),
    ...(stack && { stack: textOf(stack) }),
    ...(isDocument && { document: { document, path, problem } }),
  };
}

/** Anything can be thrown, even what has no text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown).slice(0, longest);
  } catch {
    return 'something that has no text';
  }
}

const alignment = 8;

/** Contiguous copies of tensors, one after the other in a growing buffer: what leaves a host outlives what the kernel does next. */
export class TensorPacker {
  private bytes = new Uint8Array(1 << 16);
  private used = 0;

  get length(): number {
    return this.used;
  }

  add(t: Tensor): TensorRecord {
    const data = contiguousData(t);
    const offset = Math.ceil(this.used / alignment) * alignment;
    const length = data.length * bytesOf(t.dtype);
    this.reserve(offset + length);
    this.bytes.set(new Uint8Array(data.buffer, data.byteOffset, length), offset);
    this.used = offset + length;
    return { dtype: t.dtype, shape: [...t.shape], offset };
  }

  /** Everything added since the last take. It must have been sent before the next `add`. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.used);
    this.used = 0;
    return taken;
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(length, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }
}

/** The tensors of a call, over the message's data. */
export function unpack(records: Readonly<Record<string, TensorRecord>>, data: ArrayBuffer): Tensors {
  const tensors: Tensors = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(records)) {
    tensors[name] = tensor(dtype, shape, arrayOn(dtype, data, offset, sizeOf(shape)));
  }
  return tensors;
}
