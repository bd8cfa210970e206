import { resolveNumeric } from '../../spec/numeric/profile.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import type { CheckResult, Power } from '../../spec/types/documents.js';
import type { BenchSource } from '../bench/reporter.js';
import { openText } from '../result/explanations.js';
import { numericLines } from '../result/numeric-lines.js';
import { belongsTo, operatorOf, segmentsOf } from '../result/result.js';
import { worstWarnings } from '../result/worst-warnings.js';
import { describeCase, describeSizes, describeWorst } from '../text/describe-case.js';
import { describeCall, tensorLines } from '../text/describe-tensors.js';
import { trendsOf } from '../trend/trend.js';
import { accuracyOf } from './accuracy.js';
import { benchData, type SimulationSource, simulationData } from './benches.js';
import { causesOf, type KnownOf, worstCause } from './causes.js';
import { type DrawOperator, documentsOf } from './documents.js';
import { badgeFilesOf, type Implementation, implementationsOf, packImplementation } from './implementations.js';
import { packRows } from './pack-checks.js';
import type { FailureData, ImplementationDetails, NumericData, SiteData, SiteIndex, WarningData } from './site-data.js';
import { type FailureFiles, failureKey, type ResultSource } from './source.js';
import { notAsked } from './verdict-letters.js';

/** Returns checks that only one implementation fails, with a letter per verdict and check. */
function failsAlone(verdicts: readonly string[]): number[][] {
  const alone: number[][] = verdicts.map(() => []);
  const checks = Math.max(0, ...verdicts.map(({ length }) => length));
  for (let check = 0; check < checks; check++) {
    let passing = 0;
    const failing: number[] = [];
    for (const [i, letters] of verdicts.entries()) {
      const letter = (letters[check] ?? notAsked).toLowerCase();
      if (letter === 'p') passing++;
      else if ('fct'.includes(letter)) failing.push(i);
    }
    if (failing.length === 1 && passing > 0) alone[failing[0]].push(check);
  }
  return alone;
}

/** Options of a site. */
export interface SiteOptions {
  readonly title: string;
  readonly made: Date;
  readonly power?: Power;
  readonly benches?: readonly BenchSource[];
  readonly simulations?: readonly SimulationSource[];
  readonly knownOf?: KnownOf;
  readonly drawOperator?: DrawOperator;
}

/** Makes the site's data from the documents. */
export function siteData(sources: readonly ResultSource[], options: SiteOptions): SiteData {
  const { title, made, power, benches = [], simulations = [], knownOf = () => undefined, drawOperator } = options;
  const implementations = implementationsOf(sources);
  const ids = [...new Set(sources.flatMap(({ result }) => result.checks.map((c) => c.id)))];
  const places = new Map(ids.map((id, i) => [id, i]));
  const badges = badgeFilesOf(implementations);
  const packed = implementations.map((one) => packImplementation(one, ids, badges));
  const alone = failsAlone(packed.map(({ verdicts }) => verdicts));
  const causes = implementations.map((one, i) => causesOf(one, i, places, knownOf));
  return {
    index: {
      title,
      made: made.toISOString(),
      runs: sources.map(({ file, result: { suite, seed, plan, started } }) => ({
        file,
        suite,
        seed,
        runs: plan.runs,
        started,
        shard: plan.shard,
      })),
      implementations: packed.map((one, i) => ({ ...one, alone: alone[i], ...worstCause(causes[i]) })),
      ids,
      profiles: profilesOf(sources, ids),
    },
    parts: {
      causes: causes.flat(),
      accuracy: { sums: accuracyOf(implementations), warnings: warningsOf(implementations, places), numerics: numericsOf(implementations) },
      power: power ?? null,
      benches: benches.map((source) => benchData(source, implementations)),
      simulations: simulations.flatMap(simulationData),
      documents: documentsOf(namedIn(sources), drawOperator),
      specs: sources.map(({ result }) => result.spec),
      implementations: detailsOf(sources, implementations, ids, places),
    },
  };
}

function detailsOf(
  sources: readonly ResultSource[],
  implementations: readonly Implementation[],
  ids: readonly string[],
  places: ReadonlyMap<string, number>,
): ImplementationDetails[] {
  const trends = new Map(trendsOf(sources).map(({ adapter, points }) => [adapter, points]));
  return implementations.map(({ adapter, checks, run }) => {
    const history = trends.get(adapter.id) ?? [];
    const failures = [...checks.values()].flatMap((check) =>
      failureData(check, places.get(check.id) ?? -1, sources[run].failures.get(failureKey(check))),
    );
    return {
      environment: adapter.environment,
      ...packRows(ids, checks),
      failures: failures.sort((a, b) => a.check - b.check),
      history: history.length > 1 ? history : [],
    };
  });
}

function failureData(check: CheckResult, at: number, files: FailureFiles = {}): FailureData[] {
  const { failure } = check;
  if (!failure) return [];
  const { folder: _, explanations: __, unexplained: ___, entailed: ____, passesWith, worst, call, tensors, ...summary } = failure;
  const open = openText(check);
  const shown: [string, string][] = [
    ...(call ? [['call', describeCall(call, summary.case)] as [string, string]] : []),
    ...(tensors ? tensorLines(tensors) : []),
  ];
  return [
    {
      check: at,
      summary,
      ...(open !== undefined && { open }),
      described: describeCase(summary.case),
      ...(passesWith && { passes: describeSizes(passesWith) }),
      ...(worst && { worst: describeWorst(worst) }),
      ...(shown.length > 0 && { tensors: shown }),
      ...files,
    },
  ];
}

function namedIn(sources: readonly ResultSource[]): { operators: Set<string>; masks: Set<string>; schemes: Set<string> } {
  const named = { operators: new Set<string>(), masks: new Set<string>(), schemes: new Set<string>() };
  for (const { id, verdict } of sources.flatMap(({ result }) => result.checks)) {
    const { mask, dtype } = segmentsOf(id);
    named.masks.add(mask);
    if (verdict !== 'unsupported') named.operators.add(operatorOf(id));
    for (const scheme of dtype.split('@').slice(1)) named.schemes.add(scheme);
  }
  return named;
}

/** Returns built-in profiles with tallies; checks of other profiles are unknown. */
function profilesOf(sources: readonly ResultSource[], ids: readonly string[]): SiteIndex['profiles'] {
  const names = new Set(sources.flatMap(({ result }) => result.profiles.map((p) => p.name)));
  return [...names]
    .filter((name) => profileDocuments.some((p) => p.name === name.split('@')[0]))
    .map((name) => ({ name, checks: ids.map((id) => (belongsTo(id, name.split('@')[0]) ? '1' : '0')).join('') }));
}

function numericsOf(implementations: readonly Implementation[]): NumericData[] {
  return implementations.flatMap(({ adapter: { id, capabilities } }, implementation) =>
    (capabilities?.dtypes ?? []).map((dtype) => {
      const profile = resolveNumeric(dtype, capabilities?.numeric, `the capabilities of ${id}`);
      return { implementation, dtype, lines: Object.fromEntries(numericLines.map(({ key, text }) => [key, text(profile)])) };
    }),
  );
}

function warningsOf(implementations: readonly Implementation[], places: ReadonlyMap<string, number>): WarningData[] {
  return implementations.flatMap(({ checks }, implementation) =>
    worstWarnings([...checks.values()]).map(({ output, kind, ratio, text, id, checks: count }) => ({
      implementation,
      output,
      kind,
      ratio,
      text,
      check: places.get(id) ?? -1,
      checks: count,
    })),
  );
}
