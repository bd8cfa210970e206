import { Crashed, type Kernel, OutOfMemory, Unsupported } from '../../adapters/adapter.js';
import type { FullCapabilities } from '../../adapters/capabilities.js';
import { tensorsOf } from '../../generators/tensors.js';
import type { SpecLibrary } from '../../spec/library.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { CallSpec } from '../properties/property.js';
import { NotTensors, readOutputs } from '../runner/read-outputs.js';
import { type CallFault, type CaseReply, errorRecord, type TensorPacker, type TensorRecord } from '../runner/wire.js';

type Fault = Omit<CallFault, 'call'>;

/** Calls a kernel for the calls of a case, whose tensors it makes. */
export class KernelCalls {
  constructor(
    private readonly library: SpecLibrary,
    private readonly capabilities: FullCapabilities,
    private readonly kernel: Kernel,
    private readonly packer: TensorPacker,
  ) {}

  /** Outputs go to the packer. @param returned told after each call. @throws {Crashed} where the kernel is gone. */
  async run(calls: readonly CallSpec[], returned: () => void): Promise<CaseReply> {
    const done: Record<string, TensorRecord>[] = [];
    for (const [index, call] of calls.entries()) {
      const answer = await this.answer(call);
      if ('fault' in answer) return { calls: done, fault: { ...answer.fault, call: index } };
      done.push(Object.fromEntries(Object.entries(answer.outputs).map(([name, t]) => [name, this.packer.add(t)])));
      returned();
    }
    return { calls: done };
  }

  private async answer({ command, case: c }: CallSpec): Promise<{ readonly outputs: Tensors } | { readonly fault: Fault }> {
    let tensors: Tensors;
    try {
      tensors = tensorsOf(this.library, c, this.capabilities, command);
    } catch (error) {
      return { fault: { kind: isOutOfMemory(error) ? 'out-of-memory' : 'derive', ...messageOf(error) } };
    }
    try {
      const { kernel } = this;
      if (command === 'backward' && !kernel.backward) throw new Unsupported('the kernel has no backward function');
      const outputs = await (command === 'forward' ? kernel.forward({ case: c, tensors }) : kernel.backward?.({ case: c, tensors }));
      return { outputs: readOutputs(outputs) };
    } catch (error) {
      if (error instanceof Crashed) throw error;
      if (error instanceof NotTensors) return { fault: { kind: 'shape', message: error.message } };
      const kind = error instanceof Unsupported ? 'unsupported' : isOutOfMemory(error) ? 'out-of-memory' : 'error';
      return { fault: { kind, ...messageOf(error) } };
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof OutOfMemory || (error instanceof RangeError && /allocation failed/i.test(error.message));
}

function messageOf(error: unknown): { message: string; stack?: string } {
  const { name, message, stack } = errorRecord(error);
  return { message: message || name, ...(stack && { stack }) };
}
