import type { Adapter } from '../../adapters/adapter.js';
import { checkAdapter } from '../../adapters/backends/module/check-adapter.js';
import type { Unavailable } from '../../adapters/kernel.js';
import { isBuiltIn } from '../../adapters/load.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { type SpecDocument, versionsOf } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Property } from '../contract/property.js';
import { InProcessJudge, InProcessSupervisor } from '../runner/in-process.js';
import { Judges } from '../runner/judge/judge.js';
import { failingAdapter } from '../runner/record/failing-adapter.js';
import { FailureWriter } from '../runner/record/failure-folder.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import type { FailureKeeper } from '../runner/run/check-context.js';
import { CheckWorker } from '../runner/run/check-worker.js';
import { startAdapters } from '../runner/run/start-adapters.js';
import type { ResolvedOptions } from './options.js';

/** Adapter in the test's process: a crash ends the test file, and no failure folders are kept. */
export async function ownSession(
  value: Adapter,
  documents: readonly SpecDocument[],
  library: SpecLibrary,
  { dialect }: ResolvedOptions,
): Promise<Session | Missing> {
  const adapter = checkAdapter(value, 'the adapter', isBuiltIn);
  const { id } = adapter;
  const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, id, dialect), id);
  const judge = new InProcessJudge(documents);
  judge.register(id, adapter.capabilities, dialect);
  try {
    const kernel = await adapter.open();
    const supervisor = new InProcessSupervisor(claims, kernel, adapter.programs);
    return {
      id,
      environment: { ...kernel.environment },
      claims,
      failures: { write: async () => undefined },
      runnerFor: async (property) => new CaseRunner(id, property, claims, supervisor, judge),
      async [Symbol.asyncDispose]() {
        await kernel[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Unavailable') throw error;
    const { reason, remedy } = error as Unavailable;
    return { id, reason, remedy };
  }
}

/** Adapter of `--adapter`: the kernel runs in its own process, the judge in a thread. */
export async function hostedSession(
  source: string,
  documents: readonly SpecDocument[],
  library: SpecLibrary,
  { dialect, timeout, startTimeout, load, out }: ResolvedOptions,
): Promise<Session | Missing> {
  const settings = { documents, dialect, timeout: timeout * 1000, startTimeout: startTimeout * 1000, load };
  const [started] = await startAdapters([source], library, settings, 1);
  const { result, declared, claims, host } = started;
  const { id, environment, unavailable } = result;
  if (unavailable || !declared || !claims || !host) return { id, ...(unavailable ?? { reason: 'it did not start', remedy: 'see why' }) };
  const judges = new Judges(1, documents);
  judges.register(id, { capabilities: declared, dialect });
  const worker = new CheckWorker(settings, judges, new Map([[id, host]]));
  return {
    id,
    environment,
    claims,
    failures: new FailureWriter(out, versionsOf(library), () => failingAdapter(started, dialect)),
    runnerFor: async (property) => worker.runnerFor({ id, source, claims }, property),
    async [Symbol.asyncDispose]() {
      await Promise.all([worker.leave(), judges.close()]);
    },
  };
}

/** Started adapter of a test file. */
export interface Session extends AsyncDisposable {
  readonly id: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly claims: Claims;
  readonly failures: FailureKeeper;
  runnerFor(property: Property): Promise<CaseRunner>;
}

/** Adapter that is unavailable on this machine. */
export interface Missing {
  readonly id: string;
  readonly reason: string;
  readonly remedy: string;
}
