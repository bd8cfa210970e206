// Makes the committed files that follow from others: types from schemas, WebAssembly, indexes of folders, lists of checks from profiles, the action's
// inputs from the table of options. `--check` fails if they are stale; `--indexes` makes the indexes alone, in two seconds.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexes } from './indexes.mjs';
import { root } from './root.mjs';

const check = process.argv.includes('--check');
for (const [path, text] of Object.entries(indexes)) settle(path, format(path, text));
if (!process.argv.includes('--indexes')) {
  const { types } = await import('./types.mjs');
  const { loops } = await import('./loops.mjs');
  for (const [path, text] of [...Object.entries(types), ...Object.entries(loops)]) settle(path, text);
  // these import the files above
  const { mustPassFiles } = await import('./must-pass.mjs');
  const { actionFile } = await import('./action.mjs');
  for (const [path, text] of await mustPassFiles()) settle(path, format(path, text));
  settle('action.yml', await actionFile());
}

/** Writes a file that has changed; with --check, names it. */
function settle(path, text) {
  if (textOf(path) === text) return;
  if (!check) writeFileSync(join(root, path), text);
  else {
    console.error(`${path} is stale: run \`npm run generate\` and commit it`);
    process.exitCode = 1;
  }
}

/** As the linter wants it. */
function format(path, text) {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

function textOf(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
