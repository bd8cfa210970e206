import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeAdapter } from '../../adapters/backends/native/manifest.js';
import { readMessage } from '../../adapters/backends/process/messages.js';
import { parseManifest } from '../../adapters/backends/wgsl/manifest.js';
import { Undrawable } from '../../generators/lib/undrawable.js';
import { validateCase } from '../../generators/validate.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { benchCsv } from '../../reports/bench/csv.js';
import { benchMarkdown } from '../../reports/bench/markdown.js';
import { benchSvg } from '../../reports/bench/svg.js';
import { diffResults } from '../../reports/diff/diff.js';
import { diffBenches } from '../../reports/diff/timings.js';
import { parseBench } from '../../reports/files/read-bench.js';
import { parseResult } from '../../reports/files/read-result.js';
import { badgeFilesIn } from '../../reports/html/badge-files.js';
import { embeddedDocument } from '../../reports/html/embed.js';
import { siteData } from '../../reports/html/model.js';
import { dataScripts } from '../../reports/html/write-site.js';
import { reporters } from '../../reports/index.js';
import type { Reporter } from '../../reports/reporter.js';
import { describeCase } from '../../reports/text/describe-case.js';
import { printable } from '../../reports/text/plain-text.js';
import { trendsOf } from '../../reports/trend/trend.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { printExpression } from '../../spec/expression/print.js';
import { parseDocument } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import { createLibrary, type SpecDocument, versionsOf } from '../../spec/library.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import { exampleParameters } from '../../spec/mask/example-parameters.js';
import { probeText } from '../../suites/cli/actions/probe.js';
import { mergeSettings } from '../../suites/cli/settings.js';
import { benchText } from '../../suites/cli/text/bench.js';
import { describeDiff } from '../../suites/cli/text/diff.js';
import { describeMask } from '../../suites/cli/text/mask.js';
import { describeTrends } from '../../suites/cli/text/trend.js';
import { numericsNamed } from '../../suites/expected/by-numerics.js';
import { exitCodeOf } from '../../suites/lib/exit-code.js';
import { parseCheckId } from '../../suites/plan/check-id.js';
import { readCorpus } from '../../suites/plan/corpus/read-corpus.js';
import { expectationLookup, parseExpectations, requireMatches } from '../../suites/plan/expectations.js';
import { planChecks } from '../../suites/plan/plan.js';
import { costLookup, costsOf } from '../../suites/plan/shards/cost-table.js';
import { placesOf } from '../../suites/plan/shards/divide.js';
import { mergeResults } from '../../suites/plan/shards/merge.js';
import { propertyNamed } from '../../suites/properties/index.js';
import { readJournal } from '../../suites/runner/record/journal.js';
import { CaseStream, claimedCalls } from '../../suites/runner/run/case-stream.js';
import { sampleOf } from '../../suites/verify/verify.js';
import { context, madeUp, minimalCase } from '../reports/made-up.js';
import { madeUpBench } from '../reports/made-up-bench.js';
import { capabilities, secondShard } from './seeds.js';

/** Reads a document as the commands do that take one, and prints it as they do. @param home an empty folder for what must lie on disk. */
export type Consume = (text: string, home: string) => void | Promise<void>;

const library = createLibrary();
const full = resolveCapabilities(capabilities, 'capabilities');
const profiles = [...library.profiles.values()];
const plan = planChecks(profiles, { id: 'mine', claims: Claims.of(library, full) }, { runs: 3 });
const loaded = await Promise.all(Object.values(reporters).map((entry) => entry.load()));

const site = (more: object) => dataScripts(siteData([], { title: 'x', made: new Date(0), ...more }));

function spec(kind: SpecDocument['kind'], use: (own: ReturnType<typeof createLibrary>) => void): Consume {
  return (text) => {
    const own = createLibrary([{ kind, document: 'mine.json', value: parseJson(text, 'mine.json') }]);
    versionsOf(own);
    use(own);
  };
}

/** The newest entry of a list of documents: the one that was added. */
function last<T>(documents: ReadonlyMap<string, T>): T {
  return [...documents.values()].at(-1) as T;
}

/** Does with a mask what `list masks`, `mask` and a picture do. */
function showMask(own: ReturnType<typeof createLibrary>): void {
  const added = last(own.masks);
  const mask = { name: added.name, ...(added.parameters && { parameters: exampleParameters(added, undefined, 8) }) };
  describeMask(mask, compileMask(own, mask, { b: 1, heads: 1, m: 8, n: 8, causal: 'bottom-right', window: 'inclusive' }, 'mask', '$'), own);
}

/** Does what a replay does before it starts an adapter. */
function replayable(text: string): void {
  const failure = parseDocument('failure', text, 'failure.json');
  const claims = Claims.of(library, resolveCapabilities(failure.adapter.capabilities, 'failure.json'));
  validateCase(claims.library, failure.case, 'failure.json');
  describeCase(failure.case);
  const property = propertyNamed(parseCheckId(failure.check)?.property ?? '');
  const narrowed = claims.forScheme(failure.case.parallel?.scheme);
  if (property && typeof narrowed !== 'string') claimedCalls(property, failure.case, narrowed);
}

/** Plans and draws for claims, as a run does. */
function drawFor(text: string): void {
  const own = resolveCapabilities(parseJson(text, 'capabilities.json'), 'capabilities.json');
  const claims = Claims.of(library, own);
  const checks = planChecks(profiles.slice(0, 2), { id: 'mine', claims }, { runs: 1 });
  for (const { operator, feature, mask, dtype, scheme, property: name } of checks.filter((c) => c.unsupported === undefined).slice(0, 4)) {
    const property = propertyNamed(name);
    if (!property || scheme) continue;
    try {
      const request = { operator, ...(feature && { feature }), mask, dtype, needs: property.needs };
      new CaseStream(caseArbitrary(claims, request), 7, property, claims).draw(0);
    } catch (error) {
      if (!(error instanceof Undrawable)) throw error;
    }
  }
}

/** A line of a journal with this for a check, and a checksum that fits where one can be made. */
function journalLine(text: string): string {
  try {
    const checksum = createHash('sha256')
      .update(JSON.stringify(JSON.parse(text)))
      .digest('hex')
      .slice(0, 16);
    return `{"check":${text},"checksum":"${checksum}"}`;
  } catch {
    return `{"check":${text},"checksum":""}`;
  }
}

const journalHeader = { format: 1, plan: 'p', shard: null, seed: 0, suite: 's', spec: {}, started: 't' } as const;

export const kinds: Readonly<Record<string, Consume>> = {
  result: (text) => {
    const result = parseResult(text, 'result.json');
    for (const reporter of loaded) {
      if ('files' in reporter) reporter.files(result, context);
      else (reporter as Reporter).report(result, context);
    }
    describeDiff(diffResults(madeUp, result));
    describeDiff(diffResults(result, madeUp));
    const data = siteData([{ file: 'r', result, failures: new Map(), copies: [] }], { title: 'x', made: new Date(0) });
    dataScripts(data);
    badgeFilesIn(data.index);
    embeddedDocument(data);
    describeTrends(trendsOf([{ file: 'r', result }]));
    sampleOf(result, 4);
    exitCodeOf(result, { named: ['mine'], allowIncomplete: false, failOnWarnings: true });
    costLookup(costsOf(result.checks))('mine::softmax/causal/oracle/f32');
    if (result.plan.shard === null) return;
    mergeResults([
      { document: 'one.json', result },
      { document: 'two.json', result: secondShard },
    ]);
  },
  failure: replayable,
  corpus: (text, home) => {
    mkdirSync(join(home, 'corpus'), { recursive: true });
    writeFileSync(join(home, 'corpus', 'a.json'), text);
    readCorpus(join(home, 'corpus'), library);
  },
  case: (text) => {
    const c = parseDocument('case', text, 'case.json');
    validateCase(library, c, 'case.json');
    describeCase(c);
  },
  expectations: (text) => {
    const entries = parseExpectations(text, 'known.json');
    const lookup = expectationLookup(entries, () => ({ platform: 'linux' }));
    for (const { id } of plan.slice(0, 50)) lookup.match('mine', id, 'fail', 'value', minimalCase);
    requireMatches(entries, 'known.json', [{ adapter: 'mine', available: true, checks: plan.map((c) => c.id) }], { narrowed: false });
  },
  config: (text) => void mergeSettings({}, parseDocument('config', text, 'attn-cts.config.json')),
  capabilities: drawFor,
  nativeManifest: (text, home) => void nativeAdapter(text, join(home, 'kernel.json'), 'kernel.json'),
  wgslManifest: (text) => void parseManifest(text, 'kernel.json'),
  onnxManifest: (text) => void parseDocument('onnxManifest', text, 'kernel.onnx.json'),
  operator: spec('operator', (own) => {
    planChecks(profiles, { id: 'mine', claims: Claims.of(own, { ...full, operators: [last(own.operators).name] }) }, { runs: 1 });
  }),
  maskSpec: spec('maskSpec', showMask),
  profile: spec('profile', (own) => {
    planChecks([last(own.profiles)], { id: 'mine', claims: Claims.of(own, full) }, { runs: 1 });
  }),
  scheme: spec('scheme', (own) => {
    const { layout } = last(own.schemes);
    if (layout !== 'solved') printExpression(layout);
    planChecks(profiles, { id: 'mine', claims: Claims.of(own, full) }, { runs: 1, schemes: [last(own.schemes).name] });
  }),
  numerics: (text) => void numericsNamed(text),
  cluster: spec('cluster', () => {}),
  lengthDistribution: spec('lengthDistribution', () => {}),
  costs: (text) => void placesOf(plan, { index: 1, count: 3 }, parseDocument('costs', text, 'costs.json')),
  bench: (text) => {
    const bench = parseBench(text, 'bench.json');
    benchText(bench, 'out');
    for (const report of [benchCsv, benchMarkdown, benchSvg]) report([{ file: 'b', bench: printable(bench) }], 'title');
    describeDiff(diffResults(madeUp, madeUp), diffBenches(madeUpBench, bench));
    describeDiff(diffResults(madeUp, madeUp), diffBenches(bench, madeUpBench));
    site({ benches: [{ file: 'b', bench }] });
  },
  power: (text) => void site({ power: parseDocument('power', text, 'power.json') }),
  simulations: (text) => void site({ simulations: [{ file: 's', simulations: parseDocument('simulations', text, 's.json') }] }),
  vectors: (text) => void parseDocument('vectors', text, 'index.json'),
  journal: (text, home) => {
    const path = join(home, 'journal.jsonl');
    writeFileSync(path, `${JSON.stringify(journalHeader)}\n${journalLine(text)}\n{"begin":{}}\n`);
    readJournal(path, journalHeader);
  },
  probe: (text) => void probeText(parseDocument('probe', text, 'probe.json')),
  processStart: (text) => {
    const { message } = readMessage('processStart', text, 'its start answer');
    if (message.capabilities) resolveCapabilities(message.capabilities, 'its capabilities');
  },
  processReply: (text) => void readMessage('processReply', text, 'its reply'),
};
