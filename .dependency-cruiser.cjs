// Imports run one way: spec <- generators <- suites, spec <- adapters <- suites, spec <- reports <- suites/cli.
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
