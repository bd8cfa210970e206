import { OutOfMemory } from '../../../adapters/kernel.js';
import type { LoadOptions } from '../../../adapters/load-options.js';
import type { Limits } from '../../../adapters/parallel/transports/transport.js';
import type { SpecDocument } from '../../../spec/library.js';
import { arrayOn, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { contiguousData, sizeOf, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Dialect } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import type { ReadBytes } from './answer-data.js';
import { fileTensor } from './file-tensor.js';
import { type FrameData, LONGEST_DATA } from './frames.js';

/** Message from the runner to a host process. A batch holds the calls of each of its cases. */
export type ToHost =
  | {
      readonly type: 'start';
      readonly source: string;
      readonly documents: readonly SpecDocument[];
      readonly dialect: Dialect;
      readonly judgedBy?: Capabilities;
      readonly load: LoadOptions;
      /** Time limits of jobs whose ranks are outside of this process. */
      readonly limits: Limits;
    }
  | { readonly type: 'batch'; readonly batch: number; readonly cases: readonly (readonly CallSpec[])[] }
  /** Makes the inputs of calls that will be timed, and releases the earlier inputs of the same slot. */
  | { readonly type: 'prepare'; readonly slot: number; readonly calls: readonly CallSpec[] }
  /**
   * Times one call. `keep`: its outputs are returned, and whether anything goes on after it. `repeats`: the call is made this often and
   * the mean time returned. `idle`: earlier outputs answer in the kernel's place, without any work, which shows the time that messages
   * and the host process take by themselves.
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

/** Message from a host process to the runner. `alive` says that a call returned; replies come in order, several in a message. */
export type FromHost =
  | { readonly type: 'loaded'; readonly adapter: LoadedAdapter }
  | { readonly type: 'opened'; readonly environment: Readonly<Record<string, string>> }
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'prepared'; readonly fault?: CallFault }
  | { readonly type: 'timed'; readonly timed: TimedCall | CallFault; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly error: ErrorRecord }
  | { readonly type: 'replies'; readonly batch: number; readonly replies: readonly CaseReply[]; readonly data: FrameData }
  | { readonly type: 'alive' }
  /** The kernel is disposed of. `excused`: a crash of the host process after that may be a runtime's, and is not held against the kernel. */
  | { readonly type: 'closed'; readonly excused?: true }
  /** The last message: how the kernel's own process ended, before the host process ends too. */
  | { readonly type: 'crashed'; readonly class: string; readonly message: string };

export interface LoadedAdapter {
  readonly id: string;
  readonly title: string;
  readonly version: string | null;
  readonly capabilities: unknown;
}

/** Error in the form in which it is sent to another process. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Fields of a DocumentError. */
  readonly document?: { readonly document: string; readonly path: string; readonly problem: string };
}

/** Dtype, shape and place of a contiguous tensor in a message's data. */
export interface TensorRecord {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly offset: number;
}

/**
 * Kinds of faults. `error`, `unsupported`: the kernel's answer. `unavailable`: its ranks cannot be started here. `shape`: the answer does
 * not consist of tensors. `derive`: a fault of the suite, which could not make the tensors.
 */
export const faultKinds = [
  'error',
  'unsupported',
  'unavailable',
  'out-of-memory',
  'mutated-input',
  'overrun',
  'misbehaviour',
  'shape',
  'derive',
] as const;

/** Fault of a call, as a host process saw it. */
export interface CallFault {
  readonly kind: (typeof faultKinds)[number];
  readonly message: string;
  readonly stack?: string;
  /** Index among the case's calls. */
  readonly call: number;
}

/** Result of one timed call, by the clock of the kernel's process or of its device. */
export interface TimedCall {
  readonly nanoseconds: number;
  readonly method: 'wall' | 'device';
  /** True if the kernel reported the time, by its command `time`; else it was taken around the call by the clock of its process. */
  readonly told: boolean;
  /** Nanoseconds of each rank, if a scheme was timed. */
  readonly ranks?: readonly number[];
  readonly peakBytes: number;
  /** Outputs as they were when the call returned, if they are kept. */
  readonly outputs?: Readonly<Record<string, TensorRecord>>;
  /** Observations in the pause after the return. */
  readonly after?: {
    /** Names of the outputs that changed. */
    readonly changed: readonly string[];
    /** Share of the pause in which the process was busy: above 1 on several cores. */
    readonly busy: number;
  };
}

/** Outputs of a case's calls, in order, up to the first that went wrong. */
export interface CaseReply {
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly fault?: CallFault;
}

/** Largest number of characters of a message or a stack that is sent to another process. */
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

/** Text of a thrown value, which can be anything, even a value that cannot be converted to text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown).slice(0, longest);
  } catch {
    return 'something that has no text';
  }
}

const alignment = 8;
/** Bytes by which a buffer grows at most beyond what it needs. */
const most = 2 ** 28;

/** Packs contiguous copies of tensors into a growing buffer, so that what the kernel does next does not change them. */
export class TensorPacker {
  private bytes = new Uint8Array(1 << 16);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** @throws {OutOfMemory} where a message cannot hold it. */
  add(t: Tensor): TensorRecord {
    const data = contiguousData(t);
    const offset = Math.ceil(this.used / alignment) * alignment;
    const length = data.length * bytesOf(t.dtype);
    this.reserve(offset + length);
    this.bytes.set(new Uint8Array(data.buffer, data.byteOffset, length), offset);
    this.used = offset + length;
    return { dtype: t.dtype, shape: [...t.shape], offset };
  }

  /** Returns everything added since the last `take`. It must have been sent before the next `add`. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.used);
    this.used = 0;
    return taken;
  }

  private reserve(length: number): void {
    if (length <= this.bytes.length) return;
    if (length > LONGEST_DATA) throw new OutOfMemory(`the outputs of a case have ${length} bytes, but a message holds ${LONGEST_DATA}`);
    const grown = new Uint8Array(Math.max(length, Math.min(2 * this.bytes.length, this.bytes.length + most)));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }
}

/** Tensors of a call, as views of the message's data, or as parts of the file that has them. */
export function unpack(records: Readonly<Record<string, TensorRecord>>, data: ArrayBuffer | ReadBytes): Tensors {
  const tensors: Tensors = {};
  for (const [name, record] of Object.entries(records)) {
    const { dtype, shape, offset } = record;
    if (typeof data === 'function') tensors[name] = fileTensor(record, data);
    else tensors[name] = tensor(dtype, shape, arrayOn(dtype, data, offset, sizeOf(shape)));
  }
  return tensors;
}
