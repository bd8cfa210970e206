import { join, relative } from 'node:path';

const inPlace = (entry) => ({ in: `${entry}.ts`, out: entry });

/** Programs and threads of the suite, as entry points of esbuild, in the places that the compiler gives them. */
export const programs = [
  'suites/cli/main',
  'suites/runner/host/host-process',
  'suites/runner/judge/judge-worker',
  'suites/power/power-worker',
  'adapters/ranks/rank-worker',
].map(inPlace);

/** What others import. */
export const exported = ['suites/index', 'suites/vitest/index'].map(inPlace);

/** Scripts of the page that judges kernels in a browser: they share the chunks of the programs. */
export const pageScripts = [
  { in: 'suites/page/main.ts', out: 'page' },
  { in: 'suites/page/kernel-worker.ts', out: 'kernel-worker' },
  { in: 'suites/page/judge-worker.ts', out: 'judge-worker' },
];

/** Leaves packages to be found where the suite is installed, but for those that the page needs: a browser finds none. */
export const externalPackages = {
  name: 'external-packages',
  setup(build) {
    const bundled = /^(fast-check|fastest-levenshtein|pure-rand)(\/|$)/;
    build.onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) =>
      kind === 'entry-point' || bundled.test(path) ? undefined : { path, external: true },
    );
  },
};

/**
 * Lists the scripts of the page with the chunks that they lead to, as paths in the folder of the build.
 * @param metafile what esbuild says of the build. @throws {Error} if one imports what no browser has.
 */
export function servedScripts({ outputs }, folder = 'dist') {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, external } of outputs[path].imports) {
      if (external) throw new Error(`the page imports "${next}", which a browser does not find`);
      visit(next);
    }
  };
  for (const { out } of pageScripts) visit(relative('.', join(folder, `${out}.js`)));
  return [...found].map((path) => relative(folder, path));
}
