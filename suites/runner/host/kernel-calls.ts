import { type Crashed, type Intruded, type Kernel, Unsupported } from '../../../adapters/kernel.js';
import { encodeOutcome } from '../../../adapters/parallel/job/outcome.js';
import type { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import { tensorsOf } from '../../../generators/tensors.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { type Prefill, prefillOf } from '../../../spec/tensor/prefill.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../properties/property.js';
import { NotTensors, readOutputs } from './read-outputs.js';
import { type CallFault, type CaseReply, errorRecord, type TensorPacker, type TensorRecord } from './wire.js';

export type Fault = Omit<CallFault, 'call'>;

/** Where a call's inputs are put, and what the kernel did to them. */
interface Guard {
  place(tensors: Tensors, kind: Prefill): Tensors;
  intrusion(): Fault | undefined;
}

/** Inputs as they are: for kernels of ours. */
const unguarded: Guard = { place: (tensors) => tensors, intrusion: () => undefined };

/** Calls a kernel for the calls of a case, whose tensors it makes. */
export class KernelCalls {
  constructor(
    private readonly claims: Claims,
    private readonly kernel: Kernel,
    private readonly packer: TensorPacker,
    private readonly guard = unguarded,
    /** What computes a case on several ranks, where it can be done here. */
    private readonly onRanks?: typeof parallelCall,
  ) {}

  /** Outputs go to the packer. @param returned told after each call. @throws {Crashed} where what ran the kernel is gone. */
  async run(calls: readonly CallSpec[], returned: () => void): Promise<CaseReply> {
    const done: Record<string, TensorRecord>[] = [];
    for (const [index, call] of calls.entries()) {
      const answer = await this.answer(call);
      if (isFault(answer)) return { calls: done, fault: { ...answer, call: index } };
      done.push(Object.fromEntries(Object.entries(answer).map(([name, t]) => [name, this.packer.add(t)])));
      returned();
    }
    return { calls: done };
  }

  private async answer(call: CallSpec): Promise<Tensors | Fault> {
    const inputs = this.inputsOf(call);
    return isFault(inputs) ? inputs : this.compute(call, inputs);
  }

  /** The tensors of a call, or why it is not made. */
  inputsOf({ command, case: c }: CallSpec): Tensors | Fault {
    const claims = this.claims.forScheme(c.parallel?.scheme);
    if (typeof claims === 'string') return { kind: 'unsupported', message: claims };
    if (c.parallel && !this.isOwn(c) && !this.onRanks) return { kind: 'unsupported', message: 'schemes are not run here' };
    try {
      return this.guard.place(tensorsOf(claims, c, command), prefillOf(c));
    } catch (error) {
      return { kind: isOutOfMemory(error) ? 'out-of-memory' : 'derive', ...messageOf(error) };
    }
  }

  /** What the kernel makes of them. @throws {Crashed} where what ran it is gone. */
  async compute({ command, case: c }: CallSpec, tensors: Tensors): Promise<Tensors | Fault> {
    const { kernel, guard, claims } = this;
    const own = this.isOwn(c);
    let outputs: Tensors;
    try {
      if (command === 'backward' && typeof kernel.backward !== 'function') throw new Unsupported('the kernel has no backward function');
      outputs =
        c.parallel && !own && this.onRanks
          ? await this.onRanks(claims.library, kernel, claims.capabilities, { case: c, tensors }, command === 'backward')
          : readOutputs(await (command === 'forward' ? kernel.forward({ case: c, tensors }) : kernel.backward?.({ case: c, tensors })));
    } catch (error) {
      if (isNamed<Crashed>(error, 'Crashed')) throw error;
      if (isNamed<Intruded>(error, 'Intruded')) return { kind: error.how, message: error.message };
      if (error instanceof NotTensors) return { kind: 'shape', message: error.message };
      if (isNamed(error, 'Unsupported') && own) return encodeOutcome({ refused: messageOf(error).message });
      if (isNamed(error, 'Unsupported')) return { kind: 'unsupported', ...messageOf(error) };
      // what a kernel on this very thread says of itself is an answer, and a refusal
      if (isNamed(error, 'Unavailable') && isElsewhere(c)) return { kind: 'unavailable', ...messageOf(error) };
      return { kind: isOutOfMemory(error) ? 'out-of-memory' : 'error', ...messageOf(error) };
    }
    return guard.intrusion() ?? outputs;
  }

  /** The adapter is the scheme itself. */
  private isOwn({ parallel }: Case): boolean {
    return parallel !== undefined && this.claims.capabilities.schemes?.[parallel.scheme] !== undefined;
  }
}

/** By name: a module of one's own may come with its own copy of the class. */
export function isNamed<E extends Error>(error: unknown, name: string): error is E {
  return error instanceof Error && error.name === name;
}

/** Its ranks are threads or processes of their own. */
function isElsewhere({ parallel }: Case): boolean {
  return parallel?.transport === 'workers' || parallel?.transport === 'mpi';
}

export function isFault(answer: Tensors | Fault): answer is Fault {
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
