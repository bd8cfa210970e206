import { type Call, type Crashed, type Intruded, type Kernel, type Replay, Unsupported } from '../../../adapters/kernel.js';
import { encodeFailure } from '../../../adapters/parallel/job/job-failure.js';
import type { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import { tensorsOf } from '../../../generators/tensors.js';
import type { Claims } from '../../../spec/claims/claims.js';
import type { TensorData } from '../../../spec/tensor/dtype.js';
import { type Prefill, prefillOf } from '../../../spec/tensor/prefill.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { replacedBuiltins } from './builtins.js';
import { NotTensors, readOutputs } from './read-outputs.js';
import { type CallFault, type CaseReply, errorRecord, type TensorPacker, type TensorRecord } from './wire.js';

export type Fault = Omit<CallFault, 'call'>;

/** Places a call's inputs, and reports a kernel's misuse of memory. */
export interface Guard {
  place(tensors: Tensors, kind: Prefill): Tensors;
  intrusion(): Fault | undefined;
}

const unguarded: Guard = { place: (tensors) => tensors, intrusion: () => undefined };

interface Captured {
  readonly tensors: Tensors;
  readonly replay: Replay;
}

/** Makes the tensors of calls, and calls a kernel. */
export class KernelCalls {
  private captured: Captured | undefined;

  constructor(
    private readonly claims: Claims,
    private readonly kernel: Kernel,
    private readonly packer: TensorPacker,
    private readonly guard: Guard = unguarded,
    private readonly onRanks?: typeof parallelCall,
    private readonly whyTooLong: (call: CallSpec) => string | undefined = () => undefined,
  ) {}

  /**
   * Makes the calls of a case and packs outputs. @throws {Crashed} if the kernel's process is gone.
   */
  async run(calls: readonly CallSpec[], returned: () => void): Promise<CaseReply> {
    const done: Record<string, TensorRecord>[] = [];
    this.captured = undefined;
    for (const [index, call] of calls.entries()) {
      const answer = await this.answer(call);
      if (isFault(answer)) return { calls: done, fault: { ...answer, call: index } };
      const packed = this.pack(answer);
      if (isFault(packed)) return { calls: done, fault: { ...packed, call: index } };
      done.push(packed);
      returned();
    }
    return { calls: done };
  }

  private pack(outputs: Tensors): Record<string, TensorRecord> | Fault {
    try {
      return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, this.packer.add(t)]));
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return { kind: 'out-of-memory', ...messageOf(error) };
    }
  }

  private async answer(call: CallSpec): Promise<Tensors | Fault> {
    const inputs = this.inputsOf(call);
    return isFault(inputs) ? inputs : this.compute(call, inputs);
  }

  /** Tensors of a call, or the fault that prevents them. */
  inputsOf(call: CallSpec): Tensors | Fault {
    const { command, case: c } = call;
    const claims = this.claims.forScheme(c.parallel?.scheme);
    if (typeof claims === 'string') return { kind: 'unsupported', message: claims };
    if (c.parallel && !this.isOwn(c) && !this.onRanks) return { kind: 'unsupported', message: 'schemes are not run here' };
    const tooLong = this.whyTooLong(call);
    if (tooLong !== undefined) return { kind: 'out-of-memory', message: tooLong };
    try {
      return this.guard.place(tensorsOf(claims, c, command), prefillOf(c));
    } catch (error) {
      const replaced = replacedBuiltins();
      if (replaced !== undefined) return { kind: 'misbehaviour', message: replaced };
      return { kind: isOutOfMemory(error) ? 'out-of-memory' : 'derive', ...messageOf(error) };
    }
  }

  /** Calls the kernel. @throws {Crashed} if its process or thread is gone. */
  async compute(spec: CallSpec, tensors: Tensors): Promise<Tensors | Fault> {
    const { kernel, guard, claims } = this;
    const { command } = spec;
    const c = withoutValues(spec.case);
    const call = { case: c, tensors, prefill: prefillOf(spec.case) };
    const own = this.isOwn(c);
    let outputs: Tensors;
    try {
      if (command === 'backward' && typeof kernel.backward !== 'function') throw new Unsupported('the kernel has no backward function');
      outputs =
        c.parallel && !own && this.onRanks
          ? await this.onRanks(claims.library, kernel, claims.capabilities, call, command === 'backward')
          : readOutputs(await this.pass(spec, call));
    } catch (error) {
      if (isNamed<Crashed>(error, 'Crashed')) throw error;
      if (isNamed<Intruded>(error, 'Intruded')) return { kind: error.how, message: error.message };
      const replaced = replacedBuiltins();
      if (replaced !== undefined) return { kind: 'misbehaviour', message: replaced };
      if (error instanceof NotTensors) return { kind: 'shape', message: error.message };
      if (isNamed(error, 'Unsupported') && own) return encodeFailure({ refused: messageOf(error).message });
      if (isNamed(error, 'Unsupported')) return { kind: 'unsupported', ...messageOf(error) };
      // on this thread, a kernel's Unavailable is an answer, and a refusal
      if (isNamed(error, 'Unavailable') && isElsewhere(c)) return { kind: 'unavailable', ...messageOf(error) };
      return { kind: isOutOfMemory(error) ? 'out-of-memory' : 'error', ...messageOf(error) };
    }
    return guard.intrusion() ?? outputs;
  }

  private pass({ command, captured }: CallSpec, call: Call): Promise<Tensors> | undefined {
    const { kernel } = this;
    if (captured) return this.replay(call);
    return command === 'forward' ? kernel.forward(call) : kernel.backward?.(call);
  }

  /** Captures a call, or replays the captured one with the tensors of this call. */
  private async replay(call: Call): Promise<Tensors> {
    const { kernel, captured } = this;
    if (typeof kernel.capture !== 'function') throw new Unsupported('the kernel has no capture function');
    if (captured && haveSameShapes(captured.tensors, call.tensors)) {
      for (const [name, { data }] of Object.entries(captured.tensors)) rewrite(data, call.tensors[name].data);
      return captured.replay();
    }
    const replay = await kernel.capture(call);
    this.captured = { tensors: call.tensors, replay };
    return replay();
  }

  private isOwn({ parallel }: Case): boolean {
    return parallel !== undefined && this.claims.capabilities.schemes?.[parallel.scheme] !== undefined;
  }
}

/** Removes the seed, by which a kernel could ask the suite for the answer. */
function withoutValues(c: Case): Case {
  return { ...c, values: { distribution: 'normal', seed: 0 } };
}

function haveSameShapes(a: Tensors, b: Tensors): boolean {
  const shapes = (tensors: Tensors) =>
    JSON.stringify(Object.entries(tensors).map(([name, { dtype, shape, strides, offset }]) => [name, dtype, shape, strides, offset]));
  return shapes(a) === shapes(b);
}

function rewrite(data: TensorData, other: TensorData): void {
  if (data.buffer !== other.buffer || data.byteOffset !== other.byteOffset) data.set(other as never);
}

/** Compares classes by name: a user's module may have its own copy. */
export function isNamed<E extends Error>(error: unknown, name: string): error is E {
  return error instanceof Error && error.name === name;
}

function isElsewhere({ parallel }: Case): boolean {
  return parallel?.transport === 'workers' || parallel?.transport === 'mpi';
}

export function isFault(answer: Tensors | Record<string, TensorRecord> | Fault): answer is Fault {
  return typeof (answer as Fault).kind === 'string';
}

function isOutOfMemory(error: unknown): boolean {
  if (isNamed(error, 'OutOfMemory')) return true;
  return error instanceof RangeError && /allocation failed|invalid (typed )?array( buffer)? length/i.test(error.message);
}

function messageOf(error: unknown): { message: string; stack?: string } {
  const { name, message, stack } = errorRecord(error);
  return { message: message || name, ...(stack && { stack }) };
}
