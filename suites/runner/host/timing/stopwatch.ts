import type { Call, Kernel, Outputs } from '../../../../adapters/kernel.js';

/** Time and memory of the last call. */
export interface Measured {
  readonly nanoseconds: number;
  readonly method: 'wall' | 'device';
  readonly peakBytes?: number;
  readonly told: boolean;
}

/** Times a kernel: by its command `time` if claimed, else by a clock around the call. */
export class Stopwatch implements Kernel {
  readonly environment: Kernel['environment'];
  readonly backward: Kernel['backward'];
  last: Measured = { nanoseconds: 0, method: 'wall', told: false };
  /** Repeats per call of a kernel that times itself; their mean counts. */
  repeats = 1;
  /** Outputs to return without work. */
  standIn: Outputs | undefined;

  constructor(
    private readonly kernel: Kernel,
    readonly claimsTime: boolean,
  ) {
    this.environment = kernel.environment;
    this.backward = kernel.backward && ((call) => this.measure(call, 'backward'));
  }

  forward(call: Call): Promise<Outputs> {
    return this.measure(call, 'forward');
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.kernel[Symbol.asyncDispose]();
  }

  private async measure(call: Call, pass: 'forward' | 'backward'): Promise<Outputs> {
    const { kernel, repeats, standIn } = this;
    if (this.claimsTime && kernel.time && !standIn) {
      const { nanoseconds, method, peakBytes, outputs } = await kernel.time(call, { pass, warmup: 0, repeats, flush: false });
      const mean = nanoseconds.reduce((sum, each) => sum + each, 0) / nanoseconds.length;
      this.last = { nanoseconds: mean, method, told: true, ...(peakBytes !== undefined && { peakBytes }) };
      return outputs;
    }
    const start = process.hrtime.bigint();
    const outputs = await (standIn ?? (pass === 'forward' ? kernel.forward(call) : kernel.backward?.(call)));
    this.last = { nanoseconds: Number(process.hrtime.bigint() - start), method: 'wall', told: false };
    return outputs as Outputs;
  }
}
