import { parseDocument } from '../../spec/lib/documents.js';
import { nearest } from '../../spec/lib/nearest.js';
import { matches } from '../../spec/lib/partial.js';
import type { Environment, Expectation } from '../../spec/types/documents.js';
import type { ExpectationLookup } from '../contract/expectation-lookup.js';
import { UsageError } from '../lib/usage-error.js';
import { globMatcher } from './check-glob.js';

/** An adapter of this run with the unfiltered ids of all its checks; [] if it is unavailable. */
export interface PlannableChecks {
  readonly adapter: string;
  readonly available: boolean;
  readonly checks: readonly string[];
}

/** @throws {DocumentError} if the text is no expectations document. */
export function parseExpectations(text: string, document: string): Expectation[] {
  return parseDocument('expectations', text, document);
}

/** An entry with `environment` applies only if every value equals the adapter's. */
export function expectationLookup(
  entries: readonly Expectation[],
  environmentOf: (adapter: string) => Environment = () => ({}),
): ExpectationLookup {
  const compiled = entries.map((entry) => ({ entry, adapter: globMatcher(entry.adapter ?? '*'), check: globMatcher(entry.check) }));
  const entriesFor = (adapter: string, check: string) =>
    compiled.filter((c) => c.adapter(adapter) && c.check(check) && applies(c.entry, environmentOf(adapter))).map((c) => c.entry);
  return {
    entriesFor,
    match: (adapter, check, verdict, failureClass, c) =>
      entriesFor(adapter, check).find(
        (entry) =>
          entry.verdict === verdict &&
          (entry.class === undefined || entry.class === failureClass) &&
          (entry.when === undefined || matches(entry.when, c)),
      ),
  };
}

/**
 * Requires every entry to name a plannable check, except for adapters that this run leaves out.
 * @throws {UsageError} naming the first unmatched entry and the nearest ids.
 */
export function requireMatches(
  entries: readonly Expectation[],
  document: string,
  plan: readonly PlannableChecks[],
  {
    narrowed,
    passedOver = [],
    environmentOf = () => ({}),
  }: { narrowed: boolean; passedOver?: readonly string[]; environmentOf?: (adapter: string) => Environment },
): void {
  for (const [index, entry] of entries.entries()) {
    const named = plan.filter((p) => globMatcher(entry.adapter ?? '*')(p.adapter));
    if (named.length === 0) {
      if (narrowed || passedOver.some(globMatcher(entry.adapter ?? '*'))) continue;
      const near = nearest(
        entry.adapter ?? '*',
        plan.map((p) => p.adapter),
      );
      throw new UsageError(
        `${document}: at $[${index}].adapter: "${entry.adapter}" matches no adapter; the nearest are ${near.join(', ')}`,
      );
    }
    if (named.some((p) => !p.available || !applies(entry, environmentOf(p.adapter)))) continue;
    const check = globMatcher(entry.check);
    const ids = named.flatMap((p) => p.checks);
    if (!ids.some((id) => check(id))) {
      throw new UsageError(
        `${document}: at $[${index}].check: "${entry.check}" matches no check; the nearest are ${nearest(entry.check, new Set(ids)).join(', ')}`,
      );
    }
  }
}

function applies(entry: Expectation, environment: Environment): boolean {
  return Object.entries(entry.environment ?? {}).every(([key, value]) => environment[key] === value);
}
