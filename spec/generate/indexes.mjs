// Makes the index of each folder that is a list: one file, one entry.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const banner = (folder) => `// Generated from ${folder} by \`npm run generate\`. Do not edit.\n`;
const camel = (name) => name.replace(/[^A-Za-z0-9]+(.)/g, (_, letter) => letter.toUpperCase());
const filesIn = (folder, ending) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith(ending) && file !== 'index.ts')
    .sort();

/** The index of a folder of JSON documents, which may lie in folders of it. @param types path of the generated types, from that folder. */
function documentsOf(folder, type, name, types = '../types/documents.js') {
  const below = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = ['', ...below.map((entry) => `${entry.name}/`).sort()].flatMap((sub) =>
    filesIn(join(folder, sub), '.json').map((file) => ({ file: sub + file, name: `${camel(file.slice(0, -'.json'.length))}Document` })),
  );
  return [
    banner(folder),
    `import type { ${type} } from '${types}';\n`,
    ...files.map((each) => `import ${each.name} from './${each.file}' with { type: 'json' };\n`),
    `\n/** The documents of this folder, by file name. Tests hold each to its schema and its meaning. */\n`,
    `export const ${name} = [${files.map((each) => each.name).join(', ')}] as unknown as readonly ${type}[];\n`,
  ].join('');
}

/** The files of a folder and of some below it, by their paths in it. */
const filesBelow = (folder, below) => ['', ...below].flatMap((sub) => filesIn(join(folder, sub), '.ts').map((file) => join(sub, file)));

/** Those of the folders in a folder that have an index. */
const indexesIn = (folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(name, 'index.ts'))
    .filter((path) => existsSync(join(root, folder, path)));

/** What files of a folder export with a type: `export const NAME: TYPE = …`. */
function exportsOf(folder, files, type) {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, folder, file), 'utf8');
    const path = `./${file.slice(0, -'.ts'.length)}.js`;
    return [...text.matchAll(new RegExp(`^export const (\\w+): ${type} =`, 'gm'))].map(([, name]) => ({ name, path, text }));
  });
}

/** A list of what the files of a folder export. */
function listOf(folder, { below = [], type, from, name, comment }) {
  const entries = exportsOf(folder, filesBelow(folder, below), type);
  return [
    banner(folder),
    `import type { ${type} } from '${from}';\n`,
    ...entries.map((entry) => `import { ${entry.name} } from '${entry.path}';\n`),
    `\n/** ${comment} */\nexport const ${name}: readonly ${type}[] = [${entries.map((entry) => entry.name).join(', ')}];\n`,
  ].join('');
}

/** The programs of schemes: a file may have those of several. */
function programs() {
  const folder = 'adapters/parallel/programs';
  const entries = exportsOf(folder, filesIn(folder, '.ts'), 'readonly SchemeProgram\\[\\]').filter(({ name }) => name === 'programs');
  const files = entries.map(({ path }) => ({ path, name: camel(path.slice(2, -'.js'.length)) }));
  return [
    banner(folder),
    `import type { SchemeProgram } from '../program.js';\n`,
    ...files.map(({ path, name }) => `import { programs as ${name} } from '${path}';\n`),
    `\n/** The program of every scheme. */\n`,
    `export const schemePrograms: readonly SchemeProgram[] = [${files.map(({ name }) => `...${name}`).join(', ')}];\n`,
  ].join('');
}

/** Reporters are imported where one is asked for: the index has their titles. One is a file, or the index of a folder. */
function reporters() {
  const folder = 'reports';
  const files = [...filesIn(folder, '.ts'), ...indexesIn(folder)].sort();
  const entries = exportsOf(folder, files, '(?:Folder)?Reporter').map(({ name, path, text }) => {
    const title = /^ {2}title: ('.*'),$/m.exec(text)?.[1];
    if (title === undefined) throw new Error(`${folder}/${path}: a reporter needs a line "title: '…',"`);
    return `${name}: { title: ${title}, load: async () => (await import('${path}')).${name} }`;
  });
  return [
    banner(folder),
    `import type { ReporterEntry } from './reporter.js';\n`,
    `\n/** Every reporter by name, imported where it is asked for. */\n`,
    `export const reporters: Readonly<Record<string, ReporterEntry>> = { ${entries.join(', ')} };\n`,
  ].join('');
}

/** The commands of the command line: each file adds one. */
function commands() {
  const folder = 'suites/cli/commands';
  const found = filesIn(folder, '.ts').map((file) => {
    const [, name] = /^export function (add\w+)\(/m.exec(readFileSync(join(root, folder, file), 'utf8')) ?? [];
    if (name === undefined) throw new Error(`${folder}/${file}: a command exports a function add…(program, finish)`);
    return { name, file };
  });
  return [
    banner(folder),
    `import type { Command } from 'commander';\nimport type { Finish, Run } from '../finish.js';\n`,
    ...found.map(({ name, file }) => `import { ${name} } from './${file.slice(0, -'.ts'.length)}.js';\n`),
    `\n/** Adds a command each. */\n`,
    `export const commands: readonly ((program: Command, finish: Finish, run: Run) => void)[] = [${found.map(({ name }) => name).join(', ')}];\n`,
  ].join('');
}

/** The text of each file, by its path in the repository. */
export const indexes = {
  'spec/masks/index.ts': documentsOf('spec/masks', 'MaskSpec', 'maskDocuments'),
  'spec/operators/index.ts': documentsOf('spec/operators', 'Operator', 'operatorDocuments'),
  'spec/program/macros/index.ts': documentsOf('spec/program/macros', 'Macro', 'macroDocuments', '../../types/documents.js'),
  'spec/schemes/index.ts': documentsOf('spec/schemes', 'Scheme', 'schemeDocuments'),
  'spec/clusters/index.ts': documentsOf('spec/clusters', 'Cluster', 'clusterDocuments'),
  'spec/lengths/index.ts': documentsOf('spec/lengths', 'LengthDistribution', 'lengthDocuments'),
  'spec/numerics/index.ts': documentsOf('spec/numerics', 'Numerics', 'numericsDocuments'),
  'spec/must-pass/index.ts': documentsOf('spec/must-pass', 'MustPass', 'mustPassDocuments'),
  'spec/profiles/index.ts': documentsOf('spec/profiles', 'Profile', 'profileDocuments'),
  'spec/program/primitives/index.ts': listOf('spec/program/primitives', {
    type: 'Primitive',
    from: '../primitive.js',
    name: 'allPrimitives',
    comment: 'Every primitive of programs.',
  }),
  'suites/properties/all.ts': listOf('suites/properties', {
    below: ['cache', 'kernel', 'laws', 'schemes'],
    type: 'Property',
    from: '../contract/property.js',
    name: 'allProperties',
    comment: 'Every property, by file name.',
  }),
  'adapters/parallel/programs/index.ts': programs(),
  'reports/index.ts': reporters(),
  'suites/cli/commands/index.ts': commands(),
};
