// Makes what can be made from other files: types and validators from schemas, WebAssembly, the one-file Python harness, indexes from folders, lists
// of checks from profiles, the action's inputs from the table of options. `--check` fails where they are stale.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionFile } from './action.mjs';
import { harness } from './harness.mjs';
import { indexes } from './indexes.mjs';
import { loops } from './loops.mjs';
import { mustPassFiles } from './must-pass.mjs';
import { root } from './root.mjs';
import { types } from './types.mjs';

const check = process.argv.includes('--check');
const formatted = Object.entries(indexes).map(([path, text]) => [path, format(path, text)]);
for (const [path, text] of [...Object.entries(types), ...Object.entries(loops), ...Object.entries(harness), ...formatted])
  settle(path, text);
// what these import are the files above
for (const [path, text] of await mustPassFiles()) settle(path, format(path, text));
settle('action.yml', await actionFile());

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
