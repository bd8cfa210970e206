import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkSource } from '../../../adapters/load.js';
import { filesOfSource } from '../../../adapters/sources.js';
import { drawSettings } from '../../../generators/lib/needs.js';
import { checkDocument } from '../../../spec/lib/documents.js';
import { createLibrary, versionsOf } from '../../../spec/library.js';
import type { AdapterResult, CheckResult, PlanSummary, Profile, Result } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { requireTruths } from '../../documents/load-spec.js';
import { forFlag } from '../../lib/files.js';
import { version } from '../../lib/version.js';
import { writeAside } from '../../lib/write-aside.js';
import { checkMatcher } from '../../plan/check-glob.js';
import { chosenSeed } from '../../plan/chosen-seed.js';
import type { CorpusEntry } from '../../plan/corpus/read-corpus.js';
import { likelyFirst } from '../../plan/likely.js';
import { judgedOperators, matchedChecks, planChecks, planHash, speedOf, unclaimedChecks } from '../../plan/plan.js';
import { profilesNamed } from '../../plan/profile-checks.js';
import { hashOfCosts } from '../../plan/shards/cost-table.js';
import { placesOf } from '../../plan/shards/divide.js';
import { formatShard } from '../../plan/shards/shard.js';
import { Judges } from '../judge/judge.js';
import { claimFolder } from '../record/claim-folder.js';
import { failingAdapter } from '../record/failing-adapter.js';
import { FailureWriter } from '../record/failure-folder.js';
import { Journal, type JournalHeader, readJournal } from '../record/journal.js';
import { resultDocument } from '../record/result-document.js';
import type { RunEvents, RunOptions } from './options.js';
import { runChecks } from './run-checks.js';
import { type StartedAdapter, startAdapters } from './start-adapters.js';

/** Writes result.json, whole or not at all. @throws {DocumentError | UsageError} */
function writeResult(out: string, result: Result): void {
  checkDocument('result', result, 'result.json');
  writeAside('--out', join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

export type { RunEvents, RunOptions } from './options.js';

/**
 * Judges adapters by profiles; writes journal, failure folders and result.json to `options.out`.
 * @throws {UsageError|DocumentError|UnknownAdapter} before any check; an abort's reason.
 */
export async function run(options: RunOptions, events: RunEvents = {}): Promise<Result> {
  const giveBack = await claimFolder(options.out);
  try {
    return await runInFolder(options, events);
  } finally {
    await giveBack();
  }
}

async function runInFolder(options: RunOptions, events: RunEvents): Promise<Result> {
  const library = createLibrary(options.documents);
  const profiles = profilesNamed(library, options.profiles);
  for (const source of options.adapters) checkSource(source);
  const started = new Date().toISOString();
  const jobs = options.jobs ?? availableParallelism();
  const settings = {
    documents: options.documents,
    dialect: options.dialect,
    timeout: options.timeout * 1000,
    startTimeout: options.startTimeout * 1000,
    load: options.load ?? {},
  };
  const deadline = options.timeLimit === undefined ? undefined : performance.now() + options.timeLimit * 1000;
  const adapters = await startAdapters(options.adapters, library, settings, jobs, (...start) => events.onStart?.(...start));
  const judges = new Judges(jobs, options.documents);
  try {
    const seed = chosenSeed(options.seed);
    if (options.seed === 'random') events.onSeed?.(seed);
    for (const { result } of adapters) events.onAdapter?.(result);
    const all = planAll(profiles, adapters, options);
    requireTruths({ documents: options.documents, library }, judgedOperators(all));
    const whole = options.likelyFirst ? likelyFirst(all) : all;
    const spec = versionsOf(library);
    const part = partOf(whole, await hashOf(whole, adapters, { ...options, seed }, spec), options);
    const { checks } = part;
    const plan = { ...part.plan, ...(options.everyClaim && { whole: adapters.map(({ result }) => result.id) }) };
    events.onPlan?.({ checks });
    const header: JournalHeader = {
      format: 1,
      plan: plan.hash,
      shard: plan.shard === null ? null : { label: plan.shard, costs: plan.costs ?? null },
      seed,
      suite: version,
      spec,
      started,
    };
    const { journal, known, begun } = openJournal(options, header);
    for (const { result, declared } of adapters)
      if (declared) judges.register(result.id, { capabilities: declared, dialect: options.dialect });
    const failures = new FailureWriter(options.out, spec, (id) =>
      failingAdapter(adapters.find((a) => a.result.id === id) as StartedAdapter, options.dialect),
    );
    const context = { options, seed, events, library, adapters, judges, journal, known, failures, settings, jobs, deadline };
    const results = await runChecks(checks, context);
    const result = resultDocument({
      library,
      profiles,
      seed,
      plan,
      started: begun,
      adapters: adapters.map(({ result: { dialect, ...described } }) => ({
        ...described,
        ...speedIn(adapters, described.id, options),
        ...unclaimedOf(profiles, adapters, described.id, options),
        dialect,
      })),
      checks,
      results,
    });
    writeResult(options.out, result);
    if (options.signal?.aborted) {
      events.onInterrupt?.(result);
      options.signal.throwIfAborted();
    }
    return result;
  } finally {
    await Promise.all([judges.close(), ...adapters.map((a) => a.host?.kill())]);
  }
}

function speedIn(adapters: readonly StartedAdapter[], id: string, { speed }: Pick<RunOptions, 'speed'>): Pick<AdapterResult, 'speed'> {
  const claims = adapters.find((adapter) => adapter.result.id === id)?.claims;
  return claims ? { speed: speedOf({ id, claims }, { speed }) } : {};
}

function unclaimedOf(
  profiles: readonly Profile[],
  adapters: readonly StartedAdapter[],
  id: string,
  { filter, schemes }: RunOptions,
): Pick<AdapterResult, 'unclaimed'> {
  const claims = adapters.find((adapter) => adapter.result.id === id)?.claims;
  const unclaimed = claims && filter.length === 0 ? unclaimedChecks(profiles, { id, claims }, schemes && { schemes }) : {};
  return Object.keys(unclaimed).length > 0 ? { unclaimed } : {};
}

function planAll(profiles: readonly Profile[], adapters: readonly StartedAdapter[], options: RunOptions): Check[] {
  const { budgets, filter } = options;
  const plan = (filters: readonly string[], among = profiles) =>
    adapters.flatMap(({ source, result: { id }, claims }) => {
      if (!claims) return [];
      const budget = budgets?.[source];
      const checks = planChecks(among, { id, claims }, { ...options, runs: budget?.runs ?? options.runs, filter: filters });
      const asked = budget?.checks.map(checkMatcher);
      return asked ? checks.filter((c) => asked.some((matches) => matches(c.adapter, c.id))) : checks;
    });
  // without any loaded adapter, unmatched filters are not the problem to report
  const claims = adapters.find((a) => a.claims)?.claims;
  if (!claims) return [];
  const others = [...claims.library.profiles.values()].filter((profile) => !profiles.includes(profile));
  const elsewhere = (one: string) => others.filter((profile) => plan([one], [profile]).length > 0).map(({ name }) => name);
  return matchedChecks(filter, plan, elsewhere);
}

/** Returns this run's checks and plan summary. A shard lists the plan indices of its checks. */
function partOf(
  whole: readonly Check[],
  hash: string,
  { runs, shard, costs }: RunOptions,
): { checks: readonly Check[]; plan: PlanSummary } {
  if (!shard) return { checks: whole, plan: { hash, runs, shard: null } };
  const places = placesOf(whole, shard, costs);
  const label = formatShard(shard);
  const plan = { hash, runs, shard: label, ...(costs && { costs: hashOfCosts(costs) }), checks: whole.length, places };
  return { checks: places.map((place) => whole[place]), plan };
}

/** Hash of all inputs to verdicts, except code outside the kernel's files. */
function hashOf(
  checks: readonly Check[],
  adapters: readonly StartedAdapter[],
  options: RunOptions & { readonly seed: number },
  spec: Record<string, string>,
): Promise<string> {
  const claims = adapters.map(({ source, result: { id, version: v, capabilities, unavailable } }) => ({
    id,
    version: v,
    capabilities,
    unavailable,
    ...speedIn(adapters, id, options),
    ...codeOf(source),
  }));
  const expected = checks.map((c) => options.expectations?.entriesFor(c.adapter, c.id) ?? []).filter((entries) => entries.length > 0);
  return planHash(checks, options.seed, {
    suite: version,
    spec,
    documents: options.documents,
    dialect: options.dialect,
    claims,
    expected,
    // the speed is one of the claims
    settings: { ...drawSettings(options), speed: undefined },
    hunt: options.hunt,
    ...(options.corpus && { corpus: corpusOf(checks, options.corpus) }),
  });
}

/** Digest of the kernel's source files, so that a changed kernel's run is not resumed. */
function codeOf(source: string): { readonly code?: string } {
  const files = filesOfSource(source);
  if (files.length === 0) return {};
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(file));
  return { code: digest.digest('hex').slice(0, 16) };
}

function corpusOf(checks: readonly Check[], corpus: readonly CorpusEntry[]): unknown[] {
  const planned = new Set(checks.map((c) => c.id));
  return corpus.filter(({ failure }) => planned.has(failure.check)).map(({ failure }) => [failure.check, failure.case]);
}

interface OpenJournal {
  readonly journal: Journal;
  readonly known: ReadonlyMap<string, CheckResult>;
  readonly begun: string;
}

function openJournal({ out, resume }: RunOptions, header: JournalHeader): OpenJournal {
  const path = join(out, 'journal.jsonl');
  const state = resume ? readJournal(path, header) : undefined;
  if (state) {
    const known = new Map(state.checks.map((c) => [`${c.adapter}::${c.id}`, c]));
    return { journal: Journal.continue(path, state), known, begun: state.header.started };
  }
  // failure folders beside an older journal belong to that run
  if (existsSync(path)) forFlag('--out', () => rmSync(join(out, 'failures'), { recursive: true, force: true }));
  return { journal: Journal.create(path, header), known: new Map(), begun: header.started };
}
