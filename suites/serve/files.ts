import { readFileSync } from 'node:fs';
import { asset } from '../../adapters/system/assets.js';

export interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
}

const types: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'kernel-worker.js': 'text/javascript; charset=utf-8',
  'judge-worker.js': 'text/javascript; charset=utf-8',
};

/** All that is ever served, by path: read once, before the first request. */
export function servedFiles(): ReadonlyMap<string, ServedFile> {
  const files = new Map<string, ServedFile>(
    Object.entries(types).map(([name, type]) => [`/${name}`, { type, body: readFileSync(asset(`dist/suites/page/served/${name}`)) }]),
  );
  files.set('/', files.get('/index.html') as ServedFile);
  return files;
}
