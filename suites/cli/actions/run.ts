import { existsSync } from 'node:fs';
import pc from 'picocolors';
import { checkSource } from '../../../adapters/load.js';
import { builtIns, type SlowChecks } from '../../../adapters/registry.js';
import { adapterLine } from '../../../reports/terminal/adapter-line.js';
import { plural } from '../../../reports/text/plain-text.js';
import type { AdapterResult, Expectation, Result } from '../../../spec/types/documents.js';
import { loadConfig } from '../../config.js';
import { readSpec } from '../../documents/load-spec.js';
import { exitCodeOf } from '../../lib/exit-code.js';
import { readTextFor, requireFile, requireFolder } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { version } from '../../lib/version.js';
import { readCorpus } from '../../plan/corpus/read-corpus.js';
import { saveFailures } from '../../plan/corpus/save-failures.js';
import { expectationLookup, type PlannableChecks, parseExpectations, requireMatches } from '../../plan/expectations.js';
import { profilesNamed, usualProfiles } from '../../plan/profile-checks.js';
import { readCosts, writeCosts } from '../../plan/shards/cost-table.js';
import { type RunOptions, run } from '../../runner/run/run.js';
import { useColors } from '../colors.js';
import { plannableChecks, rewriteExpectations } from '../expectations-file.js';
import { FoundCauses } from '../found-causes.js';
import { Interruption } from '../interruption.js';
import type { RunFlags, RunSettings } from '../options.js';
import { ownCommand, resumeLine } from '../own-command.js';
import { ProgressLine } from '../progress.js';
import { openReporters, writeReports } from '../report-output.js';
import { mergeSettings } from '../settings.js';

interface Running {
  readonly likelyFirst?: boolean;
  onReport?(): void;
  /** Called before a signal ends the process, after any reports. */
  onInterrupted?(): void;
}

/** Runs `attn-cts run`. @returns the exit code. */
export async function runAction(flags: RunFlags, { likelyFirst = false, onReport, onInterrupted }: Running = {}): Promise<number> {
  const config = await loadConfig(process.cwd());
  const settings = mergeSettings(flags, config);
  const outputs = await openReporters(settings.reporters);
  requireFolder('--out', settings.out);
  if (settings.corpus !== undefined) requireFolder('--corpus', settings.corpus);
  if (settings.writeCosts !== undefined) requireFile('--write-costs', settings.writeCosts);
  const sources = settings.adapters.length > 0 ? [...new Set(settings.adapters)] : unnamed(settings);
  for (const source of sources) checkSource(source);
  const { documents, library } = readSpec(settings.spec);
  profilesNamed(library, settings.profiles);
  const expectations = readExpectations(settings);
  const corpus = settings.corpus === undefined ? undefined : readCorpus(settings.corpus, library);
  const costs = settings.costs === undefined ? undefined : readCosts(settings.costs);

  const adapters: AdapterResult[] = [];
  const environmentOf = (id: string) => ({
    platform: process.platform,
    arch: process.arch,
    ...adapters.find((a) => a.id === id)?.environment,
  });
  const lookup = expectationLookup(expectations, environmentOf);
  let plannable: PlannableChecks[] = [];
  const starting = new ProgressLine(process.stderr, undefined, 'adapters');
  const progress = new ProgressLine(process.stderr);
  let drawn: number | undefined;
  const interruption = new Interruption(() => {
    progress.end();
    onInterrupted?.();
    const same = drawn === undefined ? 'the same command with --resume' : `the same command with --seed ${drawn} --resume`;
    process.stderr.write(`interrupted; the results so far are in ${settings.out}: ${same} continues from there\n`);
  });
  process.stderr.write(`attention-cts ${version}: starting ${plural(sources.length, 'adapter')}\n`);
  const colors = pc.createColors(useColors(process.stderr));
  const placesOf = (names: ReadonlyMap<string, string>) => ({
    out: settings.out,
    sources: Object.fromEntries([...names].filter(([id, source]) => id !== source)),
  });
  const shown = () => ({ ...placesOf(sourcesById(sources, adapters)), colors: false, command: ownCommand() });
  const found = new FoundCauses((text) => progress.note(text), shown, colors, settings.bail);
  let left = 0;
  const report = (result: Result) => {
    progress.end();
    onReport?.();
    const names = sourcesById(sources, result.adapters);
    writeReports(outputs, result, {
      ...placesOf(names),
      verbose: settings.verbose,
      resume: resumeLine(process.argv.slice(2), drawn),
    });
    return names;
  };
  try {
    const result = await run(
      {
        ...settings,
        load: { python: settings.python, tmp: settings.tmp, hostfile: settings.hostfile },
        adapters: sources,
        // so that the first failures are ones that a reader can check by hand
        likelyFirst: likelyFirst || settings.quick,
        everyClaim: settings.adapters.length > 0 && settings.filter.length === 0 && (flags.profiles ?? config.profiles ?? []).length === 0,
        budgets: budgetsOf(settings),
        profiles: settings.profiles.length > 0 ? settings.profiles : usualProfiles(library).map(({ name }) => name),
        documents,
        expectations: lookup,
        corpus,
        costs,
        signal: interruption.signal,
      },
      {
        onSeed: (seed) => {
          drawn = seed;
          starting.end();
          process.stderr.write(`seed ${seed}\n`);
        },
        onAdapter: (adapter) => void adapters.push(adapter),
        onPlan: ({ checks }) => {
          left = checks.filter(({ unsupported }) => unsupported === undefined).length;
          starting.end();
          progress.restart();
          if (settings.expectations === undefined) return;
          plannable = plannableChecks(library, adapters, settings.dialect);
          requireMatches(expectations, settings.expectations, plannable, {
            narrowed: settings.adapters.length > 0 || settings.quick,
            passedOver: Object.keys(builtIns),
            environmentOf,
          });
        },
        onStart: (started, of, source) => starting.show(started, of, 'started', source),
        onProgress: (p) => {
          left = p.total - p.done;
          progress.update(p);
        },
        onCheck: (check) => found.add(check, left - 1),
        onAdapterEnd: (adapter, checks) => progress.note(adapterLine(adapter, checks, colors)),
        onInterrupt: report,
      },
    );
    const names = report(result);
    if (settings.corpus !== undefined) saveFailures(settings.corpus, settings.out, result);
    if (settings.writeCosts !== undefined) writeCosts(settings.writeCosts, result);
    const judged = settings.updateExpectations
      ? rewriteExpectations(settings.expectations as string, expectations, { result, lookup, plannable }, environmentOf)
      : result;
    const { allowIncomplete, failOnWarnings } = settings;
    return exitCodeOf(judged, { named: settings.adapters.length > 0 ? [...names.keys()] : [], allowIncomplete, failOnWarnings });
  } catch (error) {
    starting.end();
    progress.end();
    if (!interruption.signal.aborted) throw error;
    return interruption.end();
  } finally {
    interruption.release();
  }
}

const slow = Object.keys(builtIns).filter((id) => builtIns[id].slow);

function budgetsOf({ adapters, slow: runs }: RunSettings): RunOptions['budgets'] {
  if (runs === undefined || adapters.length > 0) return {};
  return Object.fromEntries(slow.map((id) => [id, { runs, checks: builtIns[id].slow as SlowChecks }]));
}

/** Default adapters, the suite's kernels last. Parallel profiles take schemes and the reference. */
function unnamed({ slow: runs, profiles, quick }: RunSettings): string[] {
  if (profiles.length > 0 && profiles.every((name) => /^parallel(@\d+)?$/.test(name))) {
    const others = Object.keys(builtIns).filter((id) => runs !== undefined && builtIns[id].scheme);
    return [...others, 'reference'];
  }
  const asked = Object.keys(builtIns).filter((id) => (runs !== undefined && builtIns[id].slow?.length !== 0) || !builtIns[id].slow);
  const ours = asked.filter((id) => builtIns[id].ours && (!quick || id === 'reference'));
  return [...asked.filter((id) => !builtIns[id].ours), ...ours];
}

function readExpectations({ expectations: file, updateExpectations }: RunSettings): Expectation[] {
  if (file === undefined) {
    if (updateExpectations) throw new UsageError('--update-expectations: name the file to write by --expectations FILE');
    return [];
  }
  if (!existsSync(file) && updateExpectations) return [];
  if (!existsSync(file)) throw new UsageError(`--expectations: no such file: ${file}`);
  return parseExpectations(readTextFor('--expectations', file), file);
}

function sourcesById(sources: readonly string[], adapters: readonly AdapterResult[]): Map<string, string> {
  return new Map(adapters.map(({ id }, index) => [id, sources[index]]));
}
