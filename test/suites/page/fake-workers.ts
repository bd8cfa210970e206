import { reference } from '../../../adapters/controls/reference/index.js';
import { Crashed, DeviceLost, type Kernel } from '../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { tensor } from '../../../spec/tensor/tensor.js';
import type { CallSpec } from '../../../suites/contract/property.js';
import { capabilitiesOf, implementations } from '../../../suites/page/implementation.js';
import type { FromKernel, ToKernel } from '../../../suites/page/messages.js';
import type { PageWorker, StartWorker } from '../../../suites/page/page-worker.js';
import { KernelCalls } from '../../../suites/runner/host/kernel-calls.js';
import { TensorPacker } from '../../../suites/runner/host/wire.js';
import { CaseJudge } from '../../../suites/runner/judge/judge-cases.js';
import type { JudgeTask } from '../../../suites/runner/judge/judge-protocol.js';

/** Behaviour of a kernel's worker at a call; only `works` answers it as a right kernel does. */
export type Behaviour = 'works' | 'hangs' | 'ends' | 'loses-device' | 'wrong' | 'throws';

export const [implementation] = implementations;

/**
 * Workers without threads: the kernel is the reference of the suite, the judge is the real one. Each call asks for its behaviour, and
 * starts of the kernel's worker are counted.
 */
export class FakeWorkers {
  kernelStarts = 0;
  terminated = 0;
  /** Result of looking for a GPU when a kernel's worker starts; `silent` means that it never answers. */
  gpu: 'found' | 'missing' | 'silent' = 'found';

  constructor(private readonly behaviourOf: (call: CallSpec, start: number) => Behaviour) {}

  readonly start: StartWorker = (file) => (file === 'judge-worker.js' ? this.judge() : this.kernel());

  private judge(): PageWorker {
    const judge = new CaseJudge({ documents: [] });
    return this.worker(async (task: JudgeTask, post) => {
      const reply = judge.answer(task);
      if (reply) post(reply);
    });
  }

  private kernel(): PageWorker {
    const start = ++this.kernelStarts;
    let calls: KernelCalls | undefined;
    const packer = new TensorPacker();
    const worker: PageWorker = this.worker(async (message: ToKernel, post: (reply: FromKernel) => void) => {
      if (message.type === 'start') {
        if (this.gpu === 'silent') return;
        if (this.gpu === 'missing') return post({ type: 'unavailable', reason: 'this browser has no WebGPU', remedy: 'another browser' });
        const claims = resolveCapabilities(capabilitiesOf(implementation, false), implementation.id);
        calls = new KernelCalls(
          Claims.of(createLibrary(), claims),
          faulty(await reference.open(), (call) => this.behaviourOf(call, start)),
          packer,
        );
        return post({ type: 'opened', f16: false, environment: { browser: 'made up' } });
      }
      for (const each of message.cases) {
        try {
          const reply = await calls!.run(each, () => post({ type: 'alive' }));
          post({ type: 'reply', reply, data: packer.take().slice().buffer });
        } catch (error) {
          if (error instanceof DeviceLost) return post({ type: 'crashed', class: error.how, message: error.message });
          return worker.onerror?.({ message: (error as Error).message });
        }
      }
    });
    return worker;
  }

  private worker<To, From>(answer: (message: To, post: (reply: From) => void) => Promise<void>): PageWorker {
    let alive = true;
    const worker: PageWorker = {
      onmessage: null,
      onerror: null,
      postMessage: (message) =>
        void answer(structuredClone(message) as To, (reply) => {
          if (alive) worker.onmessage?.({ data: structuredClone(reply) as never });
        }),
      terminate: () => {
        if (alive) this.terminated++;
        alive = false;
      },
    };
    return worker;
  }
}

function faulty(kernel: Kernel, behaviourOf: (call: CallSpec) => Behaviour): Kernel {
  const { backward } = kernel;
  return {
    environment: {},
    forward: async (call) => {
      switch (behaviourOf({ command: 'forward', case: call.case })) {
        case 'hangs':
          return new Promise(() => {});
        case 'ends':
          throw new Crashed('worker', 'out of memory');
        case 'loses-device':
          throw new DeviceLost('the device is lost');
        case 'throws':
          throw new Error('this shader does not compile');
        case 'wrong': {
          const { o, ...rest } = await kernel.forward(call);
          return { ...rest, o: tensor(o.dtype, o.shape) };
        }
        default:
          return kernel.forward(call);
      }
    },
    backward: (call) => backward!.call(kernel, call),
    [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose](),
  };
}
