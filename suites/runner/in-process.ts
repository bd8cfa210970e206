import type { Kernel } from '../../adapters/kernel.js';
import type { SchemeProgram } from '../../adapters/parallel/program.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { SpecDocument } from '../../spec/library.js';
import type { Capabilities, Dialect } from '../../spec/types/documents.js';
import type { CallSpec } from '../contract/property.js';
import { GuardedInputs } from './host/guarded-inputs.js';
import type { HostCase } from './host/host.js';
import { KernelCalls } from './host/kernel-calls.js';
import { onRanks } from './host/on-ranks.js';
import { type CaseReply, TensorPacker } from './host/wire.js';
import { CaseJudge } from './judge/judge-cases.js';
import type { FailureTensorFiles, Judged } from './judge/judge-protocol.js';
import type { Judging, Supervisor } from './run/supervisor.js';

/** Runs a kernel in the caller's thread, with guarded inputs; it must not crash or hang. */
export class InProcessSupervisor implements Supervisor {
  readonly restarts = 0;
  readonly starting = 0;
  readonly oneByOne = true;
  private readonly packer = new TensorPacker();
  private readonly calls: KernelCalls;

  constructor(claims: Claims, kernel: Kernel, programs?: readonly SchemeProgram[]) {
    this.calls = new KernelCalls(claims, kernel, this.packer, new GuardedInputs(), onRanks(programs));
  }

  async run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]> {
    const replies: CaseReply[] = [];
    for (const calls of cases) replies.push(await this.calls.run(calls, () => {}));
    const data = this.packer.take().slice().buffer;
    return replies.map((reply) => ({ kind: 'reply', reply, data }));
  }
}

/** Judge that runs in the caller's thread. */
export class InProcessJudge implements Judging {
  private readonly judges: CaseJudge;

  constructor(documents: readonly SpecDocument[] = []) {
    this.judges = new CaseJudge({ documents });
  }

  /** Registers an adapter's claims, before its first case. @param dialect overrides the claims. */
  register(adapter: string, capabilities: Capabilities, dialect: Dialect = {}): void {
    this.judges.answer({ type: 'claims', adapter, claims: { capabilities, dialect } });
  }

  /** Registers existing claims, so that data memoised on them is shared with their creator. */
  registerClaims(adapter: string, claims: Claims): void {
    this.judges.register(adapter, claims);
  }

  async judge(work: Parameters<Judging['judge']>[0]): Promise<Judged> {
    const reply = this.judges.answer({ type: 'judge', ...work });
    if (!reply || 'error' in reply) throw new Error(reply?.error ?? 'no answer');
    return reply.ok as Judged;
  }

  async failureTensors(work: Parameters<Judging['failureTensors']>[0]): Promise<FailureTensorFiles> {
    const reply = this.judges.answer({ type: 'failure-tensors', ...work });
    if (!reply || 'error' in reply) throw new Error(reply?.error ?? 'no answer');
    return reply.ok as FailureTensorFiles;
  }
}
