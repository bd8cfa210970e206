import type { Call, Kernel, Outputs } from '../../adapters/kernel.js';

/** What the last call took. */
export interface Measured {
  readonly nanoseconds: number;
  readonly method: 'wall' | 'device';
  readonly peakBytes?: number;
  /** The kernel told it, by its command `time`. */
  readonly told: boolean;
}

/** A kernel whose calls are timed: by itself, on its device, where it claims the command `time`, else by the clock around the call. */
export class Stopwatch implements Kernel {
  readonly environment: Kernel['environment'];
  readonly backward: Kernel['backward'];
  last: Measured = { nanoseconds: 0, method: 'wall', told: false };
  /** How often a kernel that times itself is to do so in one call; what it tells is their mean. */
  repeats = 1;
  /** Answers in the kernel's place, without any work, while it is set. */
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
