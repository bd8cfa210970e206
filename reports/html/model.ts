import { resolveNumeric } from '../../spec/numeric/profile.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import type { Power } from '../../spec/types/documents.js';
import { numericLines } from '../result/numeric-lines.js';
import { belongsTo } from '../result/result.js';
import { worstWarnings } from '../result/worst-warnings.js';
import { describeCase, describeWorst } from '../text/describe-case.js';
import { describeCall, tensorLines } from '../text/describe-tensors.js';
import { accuracyOf } from './accuracy.js';
import { type BenchSource, benchData } from './benches.js';
import { type Implementation, implementationsOf, packImplementation } from './implementations.js';
import { type SimulationSource, simulationData } from './simulations.js';
import type { FailureData, NumericData, SiteData, WarningData } from './site-data.js';
import type { ResultSource } from './source.js';
import { StringTable } from './string-table.js';

/** Options and data of a site beside its results. */
export interface SiteOptions {
  readonly title: string;
  readonly made: Date;
  /** Document of `power --json`. */
  readonly power?: Power;
  readonly benches?: readonly BenchSource[];
  readonly simulations?: readonly SimulationSource[];
}

/** Data of the site, made from the documents that were read. */
export function siteData(sources: readonly ResultSource[], { title, made, power, benches = [], simulations = [] }: SiteOptions): SiteData {
  const implementations = implementationsOf(sources);
  const ids = [...new Set(sources.flatMap(({ result }) => result.checks.map((c) => c.id)))];
  const places = new Map(ids.map((id, i) => [id, i]));
  const strings = new StringTable();
  const packed = implementations.map((one) => packImplementation(one, ids, strings));
  const failures = implementations.flatMap(({ checks, run }, implementation) =>
    [...checks.values()].flatMap((check): FailureData[] => {
      if (!check.failure) return [];
      const { folder: _, worst, call, tensors, ...summary } = check.failure;
      const shown: [string, string][] = [
        ...(call ? [['call', describeCall(call, summary.case)] as [string, string]] : []),
        ...(tensors ? tensorLines(tensors) : []),
      ];
      const files = sources[run].failures.get(check) ?? {};
      return [
        {
          implementation,
          check: places.get(check.id) ?? -1,
          summary,
          described: describeCase(summary.case),
          ...(worst && { worst: describeWorst(worst) }),
          ...(shown.length > 0 && { tensors: shown }),
          ...files,
        },
      ];
    }),
  );
  return {
    title,
    made: made.toISOString(),
    runs: sources.map(({ file, result: { suite, seed, plan, started, spec } }) => ({
      file,
      suite,
      seed,
      runs: plan.runs,
      started,
      shard: plan.shard,
      spec,
    })),
    implementations: packed,
    ids,
    profiles: profilesOf(sources, ids),
    strings: strings.texts,
    failures: failures.sort((a, b) => a.implementation - b.implementation || a.check - b.check),
    accuracy: accuracyOf(implementations),
    warnings: warningsOf(implementations, places),
    numerics: numericsOf(implementations),
    benches: benches.map((source) => benchData(source, implementations)),
    simulations: simulations.flatMap(simulationData),
    ...(power && { power }),
  };
}

/** Profiles of this suite that the results have tallies of; the checks of any other profile are not known here. */
function profilesOf(sources: readonly ResultSource[], ids: readonly string[]): SiteData['profiles'] {
  const names = new Set(sources.flatMap(({ result }) => result.profiles.map((p) => p.name)));
  return [...names]
    .filter((name) => profileDocuments.some((p) => p.name === name.split('@')[0]))
    .map((name) => ({ name, checks: ids.map((id) => (belongsTo(id, name.split('@')[0]) ? '1' : '0')).join('') }));
}

/** The numeric profile of each implementation and dtype that it claims, declared or not. */
function numericsOf(implementations: readonly Implementation[]): NumericData[] {
  return implementations.flatMap(({ adapter: { id, capabilities } }, implementation) =>
    (capabilities?.dtypes ?? []).map((dtype) => {
      const profile = resolveNumeric(dtype, capabilities?.numeric, `the capabilities of ${id}`);
      return { implementation, dtype, lines: Object.fromEntries(numericLines.map(({ key, text }) => [key, text(profile)])) };
    }),
  );
}

/** @param places indices of checks, by id. */
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
