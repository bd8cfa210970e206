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

/** Message to a host. A batch holds the calls of each case. */
export type ToHost =
  | {
      readonly type: 'start';
      readonly source: string;
      readonly documents: readonly SpecDocument[];
      readonly dialect: Dialect;
      readonly judgedBy?: Capabilities;
      readonly load: LoadOptions;
      /** Limits of jobs with ranks outside the process. */
      readonly limits: Limits;
    }
  | { readonly type: 'batch'; readonly batch: number; readonly cases: readonly (readonly CallSpec[])[] }
  /** Makes inputs for timed calls; releases the slot's earlier ones. */
  | { readonly type: 'prepare'; readonly slot: number; readonly calls: readonly CallSpec[] }
  /** `keep` returns outputs, `repeats` asks for the mean time, `idle` shows the overhead. */
  | {
      readonly type: 'time';
      readonly slot: number;
      readonly call: number;
      readonly keep: boolean;
      readonly repeats?: number;
      readonly idle?: boolean;
    }
  | { readonly type: 'stop' };

/** Message from a host. `alive` follows each call; replies keep the order. */
export type FromHost =
  | { readonly type: 'loaded'; readonly adapter: LoadedAdapter }
  | { readonly type: 'opened'; readonly environment: Readonly<Record<string, string>> }
  | { readonly type: 'unavailable'; readonly reason: string; readonly remedy: string }
  | { readonly type: 'prepared'; readonly fault?: CallFault }
  | { readonly type: 'timed'; readonly timed: TimedCall | CallFault; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly error: ErrorRecord }
  | { readonly type: 'replies'; readonly batch: number; readonly replies: readonly CaseReply[]; readonly data: FrameData }
  | { readonly type: 'alive' }
  /** The kernel is disposed of. `excused`: a later crash may be a runtime's. */
  | { readonly type: 'closed'; readonly excused?: true }
  /** Last message: how the kernel's process ended. */
  | { readonly type: 'crashed'; readonly class: string; readonly message: string };

export interface LoadedAdapter {
  readonly id: string;
  readonly title: string;
  readonly version: string | null;
  readonly capabilities: unknown;
}

/** Serialisable error. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly document?: { readonly document: string; readonly path: string; readonly problem: string };
}

/** Contiguous tensor in a message's data. */
export interface TensorRecord {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly offset: number;
}

/** Faults: `error` and `unsupported` are a kernel's answers; `derive` is the suite's fault. */
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

/** Fault of a call. */
export interface CallFault {
  readonly kind: (typeof faultKinds)[number];
  readonly message: string;
  readonly stack?: string;
  readonly call: number;
}

/** A timed call, by the clock of the kernel's process or device. */
export interface TimedCall {
  readonly nanoseconds: number;
  readonly method: 'wall' | 'device';
  /** True if the kernel's command `time` told it. */
  readonly told: boolean;
  readonly ranks?: readonly number[];
  readonly peakBytes: number;
  readonly outputs?: Readonly<Record<string, TensorRecord>>;
  readonly after?: {
    readonly changed: readonly string[];
    /** Share of time in which the process was busy; above 1 on several cores. */
    readonly busy: number;
  };
}

/** Outputs of a case's calls, up to the first fault. */
export interface CaseReply {
  readonly calls: readonly Readonly<Record<string, TensorRecord>>[];
  readonly fault?: CallFault;
}

/** Most characters of a message or stack. */
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

/** Text of any thrown value, even one without a conversion. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown).slice(0, longest);
  } catch {
    return 'a value that has no text';
  }
}

const alignment = 8;
const most = 2 ** 28;

/** Packs copies of tensors into a growing buffer, out of the kernel's reach. */
export class TensorPacker {
  private bytes = new Uint8Array(1 << 16);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** @throws {OutOfMemory} if a message cannot hold it. */
  add(t: Tensor): TensorRecord {
    const data = contiguousData(t);
    const offset = Math.ceil(this.used / alignment) * alignment;
    const length = data.length * bytesOf(t.dtype);
    this.reserve(offset + length);
    this.bytes.set(new Uint8Array(data.buffer, data.byteOffset, length), offset);
    this.used = offset + length;
    return { dtype: t.dtype, shape: [...t.shape], offset };
  }

  /** Everything since the last `take`; send it before the next `add`. */
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

/** Tensors as views of a message's data, or in its file. */
export function unpack(records: Readonly<Record<string, TensorRecord>>, data: ArrayBuffer | ReadBytes): Tensors {
  const tensors: Tensors = {};
  for (const [name, record] of Object.entries(records)) {
    const { dtype, shape, offset } = record;
    if (typeof data === 'function') tensors[name] = fileTensor(record, data);
    else tensors[name] = tensor(dtype, shape, arrayOn(dtype, data, offset, sizeOf(shape)));
  }
  return tensors;
}
