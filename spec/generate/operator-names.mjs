// Finds names of operators in code that must go by their documents: `npm run lint` runs it.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { root } from './root.mjs';

const namesIn = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending));
const operators = namesIn('spec/operators', '.json');
const primitives = readdirSync(join(root, 'spec/program/primitives')).flatMap((file) =>
  [...readFileSync(join(root, 'spec/program/primitives', file), 'utf8').matchAll(/^ {2}name: '(\w+)'/gm)].map(([, name]) => name),
);
/** Kernels, faulty ones among them, are of one operator each; documents have their own name. */
const theirs = [/^adapters\//, /^spec\/operators\//, /^suites\/init\/templates\//, /^spec\/generate\/(operator-names|new)\.mjs$/];
/** A primitive may be called as an operator is, and so may the key of a law. */
const ofPrimitives = [/^spec\/(program|operator|oracle)\//];
const ofLaws = [/^suites\/properties\/laws\//, /^spec\/(program\/print\/record|operator\/(check-laws|carried-state|read-out))\.ts$/];
const lawKeys = ['linear'];

const found = ['spec', 'generators', 'adapters', 'suites', 'reports'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !theirs.some((room) => room.test(path)))
    .flatMap((path) => namesNamed(path)),
);
for (const { path, line, name } of found) console.error(`${path}:${line}: "${name}" is an operator's name; go by a fact of its document`);
process.exitCode = found.length > 0 ? 1 : 0;

function namesNamed(path) {
  const isIn = (rooms) => rooms.some((room) => room.test(path));
  const words = [...(isIn(ofPrimitives) ? primitives : []), ...(isIn(ofLaws) ? lawKeys : [])];
  const names = operators.filter((name) => !words.includes(name));
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .flatMap((text, at) => names.filter((name) => text.includes(`'${name}'`)).map((name) => ({ path, line: at + 1, name })));
}
