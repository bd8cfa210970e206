import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuiltIn } from '../../adapters/load.js';
import type { LoadOptions } from '../../adapters/load-options.js';
import { unavailableText } from '../../spec/lib/unavailable.js';
import { type OtherVersion, otherVersions, type SpecDocument } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { CheckResult, Dialect, Failure, Result, Verdict } from '../../spec/types/documents.js';
import { isFailing } from '../lib/exit-code.js';
import { run } from '../runner/run/run.js';
import { replayCase } from '../runner/search/replay.js';

/** Verdicts that can be reproduced. */
const judged: ReadonlySet<string> = new Set(['pass', 'fail', 'crash', 'timeout']);

/** Samples judged checks: adapters in turns, failures first, then in an order drawn by the seed. */
export function sampleOf({ checks, seed, adapters }: Result, size: number): CheckResult[] {
  const queues = adapters.map(({ id }) =>
    checks
      .filter((check) => check.adapter === id && judged.has(check.verdict))
      .map((check) => ({ check, rank: rankOf(`${seed} ${check.adapter} ${check.id}`) }))
      .sort((a, b) => Number(a.check.verdict === 'pass') - Number(b.check.verdict === 'pass') || a.rank - b.rank)
      .map(({ check }) => check),
  );
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? []));
  return turns.flat().slice(0, size);
}

function rankOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

export interface VerifyOptions {
  /** Name of the result document in messages. */
  readonly document: string;
  /** Values of `--adapter` for user adapters, by id. */
  readonly sources: Readonly<Record<string, string>>;
  readonly sample: number;
  /** Cases per passed check. */
  readonly runs: number;
  readonly timeout: number;
  readonly startTimeout: number;
  readonly documents: readonly SpecDocument[];
  readonly library: SpecLibrary;
  readonly load: LoadOptions;
}

/** Sampled check, judged again. */
export interface Verified {
  readonly adapter: string;
  readonly id: string;
  readonly verdict: Verdict;
  /** Verdict here; absent if not judged. */
  readonly now?: { readonly verdict: Verdict; readonly class?: string; readonly reason?: string };
  /** `agrees` if verdict and failure class are the same. */
  readonly outcome: 'agrees' | 'disagrees' | 'not judged';
  readonly reason?: string;
}

export interface Verification {
  /** Spec documents of another version than here. */
  readonly specs: readonly OtherVersion[];
  readonly checks: readonly Verified[];
}

/**
 * Judges smallest cases of failures and first cases of passes again. Only built-in and named
 * adapters start: an untrusted document starts no command.
 */
export async function verifyResult(result: Result, options: VerifyOptions): Promise<Verification> {
  const sampled = sampleOf(result, options.sample);
  const sourceOf = (id: string) => options.sources[id] ?? (isBuiltIn(id) ? id : undefined);
  const unnamed = sampled.filter(({ adapter }) => sourceOf(adapter) === undefined);
  const named = sampled.filter(({ adapter }) => sourceOf(adapter) !== undefined);
  const passed = named.filter(({ verdict }) => verdict === 'pass');
  const found = [
    ...unnamed.map((check) => notJudged(check, `it is not a built-in adapter: name it, such as --adapter ${check.adapter}=./kernel.ts`)),
    ...(passed.length > 0 ? await judgeAgain(result, passed, (id) => sourceOf(id) as string, options) : []),
  ];
  for (const check of named.filter(({ verdict }) => verdict !== 'pass'))
    found.push(await replayAgain(result, check, sourceOf(check.adapter) as string, options));
  const order = new Map(sampled.map((check, i) => [`${check.adapter}::${check.id}`, i]));
  const place = ({ adapter, id }: Verified) => order.get(`${adapter}::${id}`) ?? 0;
  return { specs: otherVersions(result.spec, options.library), checks: found.sort((a, b) => place(a) - place(b)) };
}

async function judgeAgain(
  result: Result,
  checks: readonly CheckResult[],
  sourceOf: (id: string) => string,
  { document, library, documents, runs, timeout, startTimeout, load }: VerifyOptions,
): Promise<Verified[]> {
  const ids = [...new Set(checks.map(({ adapter }) => adapter))];
  const out = mkdtempSync(join(tmpdir(), 'attention-cts-verify-'));
  try {
    const again = await run({
      adapters: ids.map(sourceOf),
      profiles: [...library.profiles.keys()],
      filter: checks.map(({ adapter, id }) => `${escapeGlob(adapter)}::${escapeGlob(id)}`),
      seed: result.seed,
      runs: Math.min(runs, result.plan.runs),
      timeout,
      startTimeout,
      out,
      resume: false,
      documents,
      dialect: dialectByFlag(result),
      load,
    });
    return checks.map((check) => {
      const now = again.checks.find(({ adapter, id }) => adapter === check.adapter && id === check.id);
      if (now && isJudged(now.verdict)) return compared(check, now);
      const adapter = again.adapters.find(({ id }) => id === check.adapter);
      return notJudged(
        check,
        (adapter?.unavailable && unavailableText(adapter.unavailable)) ??
          now?.reason ??
          `this version does not plan the check (${document})`,
      );
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function replayAgain(result: Result, check: CheckResult, source: string, options: VerifyOptions): Promise<Verified> {
  const adapter = result.adapters.find(({ id }) => id === check.adapter);
  if (!check.failure || !adapter?.capabilities) return notJudged(check, 'the document holds no case of this check');
  const failure: Failure = {
    format: 1,
    check: check.id,
    adapter: { id: adapter.id, title: adapter.title, version: adapter.version, capabilities: adapter.capabilities },
    case: check.failure.case,
    verdict: check.verdict,
    ...(check.class !== undefined && { class: check.class }),
    suite: result.suite,
    spec: result.spec,
    environment: adapter.environment,
  };
  const { document, documents, timeout, startTimeout, load } = options;
  const replay = await replayCase(source, failure, { document, documents, timeout, startTimeout, load });
  if (isJudged(replay.verdict)) return compared(check, replay);
  return notJudged(check, replay.reason ?? replay.verdict);
}

function compared(check: CheckResult, { verdict, class: kind, reason }: Pick<CheckResult, 'verdict' | 'class' | 'reason'>): Verified {
  const same = verdict === check.verdict && (verdict === 'pass' || kind === check.class);
  return {
    adapter: check.adapter,
    id: check.id,
    verdict: check.verdict,
    now: { verdict, ...(kind !== undefined && { class: kind }), ...(reason !== undefined && { reason }) },
    outcome: same ? 'agrees' : 'disagrees',
  };
}

function notJudged({ adapter, id, verdict }: CheckResult, reason: string): Verified {
  return { adapter, id, verdict, outcome: 'not judged', reason };
}

function isJudged(verdict: Verdict): boolean {
  return verdict === 'pass' || isFailing(verdict);
}

/** Dialect axes that came from a flag of the run. */
function dialectByFlag({ adapters }: Result): Dialect {
  const entries = adapters.flatMap(({ dialect }) => Object.entries(dialect).filter(([, { from }]) => from === 'flag'));
  return Object.fromEntries(entries.map(([axis, { value }]) => [axis, value])) as Dialect;
}

function escapeGlob(text: string): string {
  return text.replace(/[\\*?{}]/g, '\\$&');
}
