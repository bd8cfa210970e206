import type { Adapter } from '../../adapters/adapter.js';
import { checkAdapter } from '../../adapters/backends/module/check-adapter.js';
import type { Unavailable } from '../../adapters/kernel.js';
import { isBuiltIn } from '../../adapters/load.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecDocument } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { InProcessJudge, InProcessSupervisor } from '../runner/in-process.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import type { ResolvedOptions } from './options.js';
import type { Missing, Session } from './session.js';

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
