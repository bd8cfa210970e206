import type { LoadOptions } from '../../adapters/load-options.js';
import { problemOf } from '../../generators/problem.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import type { Capabilities, DType, Probe } from '../../spec/types/documents.js';
import type { CallSpec } from '../contract/property.js';
import { oracleOf } from '../diagnosis/dialect/candidate.js';
import { declarationOf, type Evidence, type Finding, type ProbeAnswer } from '../diagnosis/dialect/finding.js';
import { inferDialect } from '../diagnosis/dialect/infer.js';
import { planDialect } from '../diagnosis/dialect/plan.js';
import { toJsonNumber } from '../judging/json-number.js';
import { version } from '../lib/version.js';
import { checkOutputs, normalise } from '../properties/lib/outputs.js';
import { readerOf } from '../runner/host/data-file.js';
import { Host, type HostCase } from '../runner/host/host.js';
import { HostSupervisor } from '../runner/host/host-supervisor.js';
import { unpack } from '../runner/host/wire.js';
import { NotRestarted, type Supervisor } from '../runner/run/supervisor.js';

export interface ProbeOptions {
  /** Seconds per call. */
  readonly timeout: number;
  readonly startTimeout: number;
  readonly load?: LoadOptions;
}

/** Observed behaviour of a kernel, or why it did not start. */
export type Probed =
  | { readonly state: 'probed'; readonly probe: Probe }
  | { readonly state: 'unavailable'; readonly reason: string; readonly remedy: string };

/** Infers a kernel's dialect in its own process. @throws {DocumentError} for malformed claims. */
export async function probeAdapter(source: string, options: ProbeOptions): Promise<Probed> {
  const library = createLibrary();
  const settings = {
    source,
    documents: [],
    dialect: {},
    timeout: options.timeout * 1000,
    startTimeout: options.startTimeout * 1000,
    ...(options.load && { load: options.load }),
  };
  const start = await Host.start(settings);
  if (start.state === 'unavailable') return { state: 'unavailable', reason: start.reason, remedy: start.remedy };
  const { adapter, environment } = start;
  const declared = adapter.capabilities as Capabilities;
  const claims = Claims.of(library, resolveCapabilities(declared, source), source);
  const { capabilities } = claims;
  const supervisor = new HostSupervisor(settings, capabilities.compilesPer, start.host);
  try {
    const dtype = plainest(capabilities.dtypes as DType[]);
    const plan = planDialect(capabilities, dtype);
    const answers = await askAll(supervisor, plan.calls, claims);
    const findings = inferDialect(plan, answers, oracleOf(claims));
    const probe: Probe = {
      format: 1,
      suite: version,
      adapter: { id: adapter.id, title: adapter.title, version: adapter.version },
      environment: { ...environment },
      dtype,
      calls: plan.calls.map((call) => call.case),
      axes: findings.map((finding) => record(finding, declared)),
      dialect: declarationOf(findings),
    };
    return { state: 'probed', probe };
  } finally {
    await supervisor.stop();
  }
}

function plainest(dtypes: readonly DType[]): DType {
  return dtypes.includes('f32') ? 'f32' : dtypes[0];
}

function record({ reason, evidence, values, ...finding }: Finding, declared: Capabilities): Probe['axes'][number] {
  return {
    ...finding,
    values: [...values],
    from: declared.dialect?.[finding.axis] === undefined ? 'default' : 'declared',
    ...(reason !== undefined && { reason }),
    evidence: evidence.map(evidenceRecord),
  };
}

function evidenceRecord({ element, call, text, fits }: Evidence): Probe['axes'][number]['evidence'][number] {
  return {
    call,
    ...(element && { output: element.output as 'o' | 'lse', index: [...element.index], actual: toJsonNumber(element.actual) }),
    text,
    fits: [...fits],
  };
}

/** One call at a time: a crash or refusal must not affect other calls. */
async function askAll(supervisor: Supervisor, calls: readonly CallSpec[], claims: Claims): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  try {
    for (const call of calls) {
      const [answer] = await supervisor.run([[call]]);
      answers.push(answerOf(answer, call, claims));
    }
  } catch (error) {
    if (!(error instanceof NotRestarted)) throw error;
    while (answers.length < calls.length) answers.push({ refused: `not called: ${error.message}` });
  }
  return answers;
}

function answerOf(answer: HostCase, call: CallSpec, claims: Claims): ProbeAnswer {
  if (answer.kind !== 'reply') return { refused: answer.kind === 'died' ? `its process ${answer.message}` : answer.message };
  const { fault, calls } = answer.reply;
  if (fault) return { refused: `${fault.kind}: ${fault.message.split('\n')[0]}` };
  const outputs = unpack(calls[0], answer.data instanceof ArrayBuffer ? answer.data : readerOf(answer.data.descriptor));
  const problem = problemOf(claims, call.case);
  const malformed = checkOutputs(call, outputs, claims.capabilities, problem);
  return malformed ? { refused: malformed.message } : { outputs: normalise(call, outputs, claims.capabilities, problem) };
}
