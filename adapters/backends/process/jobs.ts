import { createServer } from 'node:net';
import type { Call, Gradients, Kernel, Outputs } from '../../kernel.js';
import { ProcessKernel } from './kernel.js';
import { type ProcessOptions, type Started, startProtocol } from './start.js';

function commandFor(argv: readonly string[], world: number): string[] {
  return argv.map((word) => word.replaceAll('{world}', String(world)));
}

/** Starts the job of a world of ranks. @throws {Unavailable} as `startProtocol`. */
export async function startJob(argv: readonly string[], world: number, options: ProcessOptions): Promise<Started> {
  if (!argv.some((word) => word.includes('{world}'))) return startProtocol(argv, options);
  // jobs run concurrently, and torchrun takes one fixed port by default
  const env = { ...options.env, PET_MASTER_PORT: String(await freePort()) };
  return startProtocol(commandFor(argv, world), { ...options, env });
}

/** Kernel of a user's scheme: one job for each number of ranks, started on demand. */
export class Jobs implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  private readonly jobs = new Map<number, Promise<ProcessKernel>>();

  /** @param names the program's names of schemes that are renamed here. */
  constructor(
    first: Started,
    private readonly argv: readonly string[],
    private readonly options: ProcessOptions,
    private readonly names: ReadonlyMap<string, string> = new Map(),
  ) {
    this.environment = first.answer.environment;
    this.jobs.set(1, Promise.resolve(new ProcessKernel(first, options)));
  }

  async forward(call: Call): Promise<Outputs> {
    return (await this.jobFor(call)).forward(this.asKnown(call));
  }

  async backward(call: Call): Promise<Gradients> {
    return (await this.jobFor(call)).backward(this.asKnown(call));
  }

  /** Ends all jobs. Ignores exit codes: ranks may fail once the first rank has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const jobs = await Promise.allSettled(this.jobs.values());
    await Promise.allSettled(jobs.map((job) => (job.status === 'fulfilled' ? job.value[Symbol.asyncDispose]() : undefined)));
  }

  private asKnown(call: Call): Call {
    const { parallel } = call.case;
    const name = parallel && this.names.get(parallel.scheme);
    return parallel && name !== undefined ? { ...call, case: { ...call.case, parallel: { ...parallel, scheme: name } } } : call;
  }

  private jobFor({ case: { parallel } }: Call): Promise<ProcessKernel> {
    const world = parallel?.ranks ?? 1;
    let job = this.jobs.get(world);
    if (!job) {
      job = startJob(this.argv, world, this.options).then((started) => new ProcessKernel(started, this.options));
      this.jobs.set(world, job);
    }
    return job;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
