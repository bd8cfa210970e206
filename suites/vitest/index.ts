import { afterAll, describe, test } from 'vitest';
import type { Adapter } from '../../adapters/adapter.js';
import { describeFailure } from '../../reports/result/describe-failure.js';
import { printable } from '../../reports/text/plain-text.js';
import type { CheckResult } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { readSpec, requireTruths } from '../documents/load-spec.js';
import { isUnexpected } from '../lib/exit-code.js';
import { readTextFor } from '../lib/files.js';
import { expectationLookup, parseExpectations } from '../plan/expectations.js';
import { judgedOperators, matchedChecks, planChecks } from '../plan/plan.js';
import { profilesNamed } from '../plan/profile-checks.js';
import { propertyNamed } from '../properties/index.js';
import { runCheck } from '../runner/run/run-check.js';
import { type ConformanceOptions, type ResolvedOptions, resolveOptions } from './options.js';
import './matchers.js';
import { hostedSession, ownSession, type Session } from './session.js';

export type { AttentionCall, TensorLike } from '../expected/assert-attention.js';
export type { ConformanceOptions } from './options.js';

/**
 * Adds each check of an adapter as a test: `await conformance('./kernel.ts')` at the top level of a
 * file. Unclaimed checks are skipped, with the reason in the name.
 * @param adapter value of `--adapter`, run in its own process; or an adapter, run in the test's.
 * @throws {UsageError | DocumentError | UnknownAdapter} before any test is added.
 */
export async function conformance(adapter: Adapter | string, options: ConformanceOptions = {}): Promise<void> {
  const resolved = resolveOptions(options);
  const spec = readSpec(resolved.spec);
  const { documents, library } = spec;
  const profiles = profilesNamed(library, resolved.profiles);
  const expectations = expectationsOf(resolved);
  const session =
    typeof adapter === 'string'
      ? await hostedSession(adapter, documents, library, resolved)
      : await ownSession(adapter, documents, library, resolved);
  const { id } = session;
  if ('reason' in session) {
    const { reason, remedy } = session;
    const tell = resolved.allowUnavailable ? test.skip : test;
    tell(`${id} is on this machine: ${reason}`, () => {
      throw new Error(`${id} is unavailable: ${reason}; remedy: ${remedy}`);
    });
    return;
  }
  const checks = await checksFor(session).catch(async (error: unknown) => {
    await session[Symbol.asyncDispose]();
    throw error;
  });
  const environment = { platform: process.platform, arch: process.arch, ...session.environment };
  const context = {
    library,
    seed: resolved.seed,
    expectations: expectationLookup(expectations, () => environment),
    stop: () => undefined,
    onCases: () => {},
    failures: session.failures,
  };
  describe(id, () => {
    afterAll(() => session[Symbol.asyncDispose]());
    for (const check of checks) {
      if (check.unsupported !== undefined) test.skip(`${check.id} (unsupported: ${check.unsupported})`);
      // no limit for the test, as calls have limits
      else {
        test(check.id, { timeout: 0 }, async ({ skip }) => {
          const result = await judge(check);
          if (result.verdict === 'unsupported' || result.verdict === 'unavailable') skip(`${result.verdict}: ${result.reason}`);
          settle(result, sourcesOf(adapter, id, resolved));
        });
      }
    }
  });

  async function checksFor({ claims }: Session): Promise<Check[]> {
    const plan = (filter: readonly string[]) => planChecks(profiles, { id, claims }, { runs: resolved.runs, filter });
    const checks = matchedChecks(resolved.filter, plan);
    requireTruths(spec, judgedOperators(checks));
    return checks;
  }

  async function judge(check: Check): Promise<CheckResult> {
    return runCheck(
      check,
      await (session as Exclude<typeof session, { reason: string }>).runnerFor(propertyNamed(check.property) as Property),
      context,
    );
  }
}

function expectationsOf({ expectations = [] }: ResolvedOptions) {
  return typeof expectations === 'string' ? parseExpectations(readTextFor('expectations', expectations), expectations) : [...expectations];
}

function sourcesOf(adapter: Adapter | string, id: string, { out }: ResolvedOptions): Parameters<typeof describeFailure>[1] {
  return { colors: false, out, sources: typeof adapter === 'string' && adapter !== id ? { [id]: adapter } : {} };
}

/** @throws {Error} describing an unexpected result. */
function settle(check: CheckResult, context: Parameters<typeof describeFailure>[1]): void {
  if (check.verdict === 'pass' && check.expected === false)
    throw new Error('an expected failure that passes now: remove it from the expectations');
  if (check.verdict !== 'error' && !isUnexpected(check)) return;
  const shown = printable(check);
  throw new Error([`${shown.verdict}${shown.class ? ` (${shown.class})` : ''}`, ...describeFailure(shown, context)].join('\n'));
}
