import { setTimeout as delay } from 'node:timers/promises';
import type { Kernel } from '../../../../adapters/kernel.js';
import type { parallelCall } from '../../../../adapters/parallel/job/parallel-call.js';
import type { Claims } from '../../../../spec/claims/claims.js';
import { contiguousData, type Tensor, type Tensors, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { CallSpec } from '../../../contract/property.js';
import { isFault, KernelCalls } from '../kernel-calls.js';
import type { CallFault, TensorPacker, TimedCall, ToHost } from '../wire.js';
import { Stopwatch } from './stopwatch.js';

/** Idle milliseconds after a call, in which an unfinished kernel still works. */
const quiet = 25;

interface Prepared {
  readonly call: CallSpec;
  readonly tensors: Tensors;
  answer: Tensors;
}

type TimeRequest = Pick<Extract<ToHost, { type: 'time' }>, 'keep' | 'repeats' | 'idle'>;

/** Times a kernel's calls in its process; inputs are made before. */
export class TimedCalls {
  private readonly prepared = new Map<number, readonly Prepared[]>();
  private readonly watch: Stopwatch;
  private readonly calls: KernelCalls;

  constructor(
    claims: Claims,
    kernel: Kernel,
    private readonly packer: TensorPacker,
    onRanks?: typeof parallelCall,
  ) {
    this.watch = new Stopwatch(kernel, claims.capabilities.commands.includes('time'));
    this.calls = new KernelCalls(claims, this.watch, packer, undefined, onRanks);
  }

  prepare(slot: number, calls: readonly CallSpec[]): CallFault | undefined {
    const answer = this.prepared.get(slot)?.[0]?.answer ?? {};
    // free the old tensors before making new ones
    this.prepared.delete(slot);
    const prepared: Prepared[] = [];
    for (const [x, call] of calls.entries()) {
      const tensors = this.calls.inputsOf(call);
      if (isFault(tensors)) return { ...tensors, call: x };
      prepared.push({ call, tensors, answer });
    }
    this.prepared.set(slot, prepared);
    return undefined;
  }

  /** Times a prepared call. @throws {Crashed} if the kernel's process or thread is gone. */
  async time(slot: number, at: number, { keep, repeats = 1, idle = false }: TimeRequest): Promise<TimedCall | CallFault> {
    const prepared = (this.prepared.get(slot) as readonly Prepared[])[at];
    if (idle) return this.timeNothing(prepared, repeats);
    const own = this.watch.claimsTime;
    this.watch.repeats = own ? repeats : 1;
    let total = 0;
    let answer: Tensors = {};
    for (let x = 0; x < (own ? 1 : repeats); x++) {
      const found = await this.calls.compute(prepared.call, prepared.tensors);
      if (isFault(found)) return { ...found, call: at };
      answer = found;
      total += this.watch.last.nanoseconds;
    }
    prepared.answer = answer;
    const { method, told, peakBytes = process.resourceUsage().maxRSS * 1024 } = this.watch.last;
    const nanoseconds = own ? total : total / repeats;
    const ranks = answer.nanoseconds && Array.from(valuesOf(answer.nanoseconds));
    const measured = { nanoseconds: ranks ? Math.max(...ranks) : nanoseconds, method, told, peakBytes, ...(ranks && { ranks }) };
    if (!keep) return measured;
    const outputs = Object.fromEntries(Object.entries(answer).map(([name, t]) => [name, this.packer.add(t)]));
    return { ...measured, outputs, after: await whatGoesOn(answer) };
  }

  /** A call without the kernel's work: earlier outputs stand in. */
  private async timeNothing({ call, tensors, answer }: Prepared, repeats: number): Promise<TimedCall> {
    this.watch.standIn = answer;
    // ranks call other kernels
    if (!call.case.parallel) for (let x = 0; x < repeats; x++) await this.calls.compute(call, tensors);
    this.watch.standIn = undefined;
    return { nanoseconds: 0, method: 'wall', told: false, peakBytes: 0 };
  }
}

/** Outputs that change after a call returned, and CPU use. */
async function whatGoesOn(answer: Tensors): Promise<TimedCall['after']> {
  const returned = Object.entries(answer).map(([name, t]) => ({ name, t, bytes: Buffer.from(bytesOf(t)) }));
  const before = process.cpuUsage();
  const start = performance.now();
  await delay(quiet);
  const { user, system } = process.cpuUsage(before);
  const busy = (user + system) / 1000 / (performance.now() - start);
  return { changed: returned.filter(({ t, bytes }) => !bytes.equals(bytesOf(t))).map(({ name }) => name), busy };
}

function bytesOf(t: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = contiguousData(t);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
