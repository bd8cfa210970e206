// Makes the files that the build needs and git does not have: validators of documents, and the Python harness as one file to copy.
// Files that are newer than what they are made from stay.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const timeOf = (path) => statSync(join(root, path)).mtimeMs;
const newest = (folder) => Math.max(...readdirSync(join(root, folder)).map((name) => timeOf(join(folder, name))));

const made = [
  {
    paths: ['spec/types/validators.js', 'spec/types/every-fault.js'],
    from: ['spec/schema', 'spec/generate'],
    files: async () => (await import('./validators.mjs')).validators,
  },
  {
    paths: ['adapters/backends/python/attn_cts.py'],
    from: ['adapters/backends/python/package/attn_cts/harness', 'spec/generate'],
    files: async () => (await import('./harness.mjs')).harness,
  },
];
for (const { paths, from, files } of made) {
  const since = Math.max(...from.map(newest));
  if (paths.every((path) => existsSync(join(root, path)) && timeOf(path) > since)) continue;
  for (const [path, text] of Object.entries(await files())) writeFileSync(join(root, path), text);
}
