const { readdirSync } = require('node:fs');

// Imports run one way: spec <- generators <- suites, spec <- adapters <- suites, spec <- reports <- suites/cli.
// Within each of these folders they run one way too: a floor imports from itself and from the floors below it.
const floors = {
  spec: [
    ['types', 'must-pass', 'numerics'],
    [
      'lib',
      'rows.ts',
      'power-counts.ts',
      'undefined-operators.ts',
      'spec-library.ts',
      'dialect.ts',
      'positions.ts',
      'also.ts',
      'profile.ts',
    ],
    ['tensor', 'matrix'],
    ['expression'],
    ['numeric', 'length'],
    ['mask'],
    ['problem.ts'],
    ['operator'],
    ['operators', 'masks', 'schemes', 'profiles', 'clusters', 'lengths'],
    ['scheme', 'cluster'],
    ['program'],
    ['oracle'],
    ['claims'],
    ['library.ts'],
  ],
  generators: [
    ['lib'],
    ['dims', 'values'],
    ['mask'],
    ['packed'],
    ['history'],
    ['options'],
    ['whole'],
    ['coverage.ts', 'least-shares.ts', 'token-run.ts', 'validate.ts'],
    ['problem.ts'],
    ['tensors.ts'],
  ],
  adapters: [
    ['kernel.ts'],
    ['system'],
    ['load-options.ts'],
    ['parallel'],
    ['adapter.ts', 'ndarray.ts'],
    ['kernel-file.ts'],
    ['backends'],
    ['controls'],
    ['sources.ts'],
    ['project'],
    ['registry.ts'],
    ['load.ts'],
    ['ranks'],
  ],
  suites: [
    ['lib'],
    ['contract'],
    ['judging'],
    ['diagnosis'],
    ['properties'],
    ['plan'],
    ['documents'],
    ['runner'],
    ['bench', 'expected', 'init', 'power', 'probe', 'serve', 'simulate', 'vectors', 'verify', 'config.ts', 'dialect-flag.ts'],
    ['cli', 'page', 'index.ts'],
    ['vitest'],
  ],
  reports: [
    ['reporter.ts'],
    ['text'],
    ['result'],
    ['files', 'markdown', 'svg', 'diff'],
    ['badges', 'bench', 'terminal', 'trend', 'verdict', 'csv.ts', 'json.ts', 'junit.ts', 'sarif.ts', 'tap.ts'],
    ['github.ts', 'html'],
    ['index.ts'],
  ],
};

for (const [room, all] of Object.entries(floors)) {
  const listed = new Set(all.flat());
  for (const entry of readdirSync(room, { withFileTypes: true })) {
    const { name } = entry;
    const files = entry.isDirectory() ? readdirSync(`${room}/${name}`, { recursive: true }) : [name];
    if (listed.has(name) || !files.some((file) => file.endsWith('.ts'))) continue;
    throw new Error(`${room}/${name} has no floor: add it to \`floors\` in .dependency-cruiser.cjs, above what it imports`);
  }
}

/** One rule for each floor: it imports from no floor above it. */
const floorRules = Object.entries(floors).flatMap(([room, all]) => {
  const path = (names) => `^${room}/(${names.map((name) => (name.includes('.') ? name.replace('.ts', '\\.ts$') : `${name}/`)).join('|')})`;
  return all.slice(0, -1).map((floor, at) => ({
    name: `${room}-floor-${floor[0].replace('.ts', '')}`,
    severity: 'error',
    comment: `${room}: ${all.map((names) => names.join(' ')).join(' -> ')}`,
    from: { path: path(floor) },
    to: { path: path(all.slice(at + 1).flat()) },
  }));
});

const within = (folder) => `^${folder}/`;
const outward = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: within(from) },
  to: { path: to.map(within).join('|') },
});
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...floorRules,
    outward(
      'spec-knows-nobody',
      'spec',
      ['generators', 'adapters', 'suites', 'reports', 'test'],
      'spec is the ground everything stands on',
    ),
    outward(
      'generators-know-spec-alone',
      'generators',
      ['adapters', 'suites', 'reports', 'test'],
      'cases are drawn from documents and claims, whoever claims',
    ),
    outward(
      'adapters-know-spec-alone',
      'adapters',
      ['generators', 'suites', 'reports', 'test'],
      'who is tried knows nothing of what is tried',
    ),
    outward(
      'reports-know-results-alone',
      'reports',
      ['generators', 'adapters', 'suites', 'test'],
      'reports know results, not how they came about',
    ),
    {
      name: 'reports-are-for-who-shows-them',
      severity: 'error',
      comment: "the command line, the page and a user's own tests",
      from: { path: '^suites/(?!(cli|page|vitest)/)' },
      to: { path: within('reports') },
    },
    {
      name: 'products-stand-apart',
      severity: 'error',
      comment: 'each may go without the others: only the command line and the tests of users know them',
      from: { path: '^suites/(?!cli/|vitest/)([^/]+)/' },
      to: { path: '^suites/(bench|expected|init|power|probe|serve|simulate|vectors|verify)/', pathNot: '^suites/$1/' },
    },
    outward(
      'transports-are-leaves',
      'adapters/parallel/transports',
      ['adapters/parallel/(programs|collectives|blocks|job)', 'adapters/(backends|controls)'],
      'they carry messages, whosever',
    ),
    outward(
      'blocks-know-no-ranks',
      'adapters/parallel/blocks',
      ['adapters/parallel/(programs|collectives|job)', 'adapters/(backends|controls)'],
      'attention of blocks on one rank',
    ),
    outward(
      'collectives-are-for-programs',
      'adapters/parallel/collectives',
      ['adapters/parallel/(programs|job)', 'adapters/(backends|controls)'],
      'programs call them, jobs run programs',
    ),
    outward(
      'programs-run-in-jobs',
      'adapters/parallel/programs',
      ['adapters/parallel/(job|transports)', 'adapters/(backends|controls)'],
      'a scheme is readable alone: a communicator, collectives, blocks',
    ),
    outward('backends-know-no-controls', 'adapters/backends', ['adapters/controls'], 'who is tried is not the reference'),
    outward('nothing-imports-tests', '(spec|generators|adapters|suites|reports)', ['test'], 'tests look in from outside'),
    {
      name: 'browser-safe',
      severity: 'error',
      comment: 'spec, generators, properties and what judges them run in a browser as they are',
      from: { path: '^(spec|generators|suites/(properties|judging|diagnosis/(hints|dialect)))/', pathNot: '\\.mjs$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-safe-page',
      severity: 'error',
      comment: 'the page and the WGSL kernels run in a browser; suites/build.mjs bundles them, which holds whatever they reach to the same',
      from: {
        path: '^(suites/page/|adapters/backends/webgpu/(?!dawn|index|manifest)|adapters/backends/chromium/(page/|browser-gpu|messages))',
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|reports/published)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
