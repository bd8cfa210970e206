import { type SpecDocument, versionsOf } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { Judges } from '../runner/judge/judge.js';
import { failingAdapter } from '../runner/record/failing-adapter.js';
import { FailureWriter } from '../runner/record/failure-folder.js';
import { CheckWorker } from '../runner/run/check-worker.js';
import { startAdapters } from '../runner/run/start-adapters.js';
import type { ResolvedOptions } from './options.js';
import type { Missing, Session } from './session.js';

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
