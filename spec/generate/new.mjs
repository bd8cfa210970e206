// `npm run new -- KIND NAME`: a new document or module, as a copy of the simplest one of its kind under another name.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

const documentSteps = ['say in title, source and formula what it computes', 'npm run generate, which adds it to its list'];

/** Files to copy of each kind, by the path of the copy, and the steps that are left. NAME stands for the new name. */
const kinds = {
  mask: {
    like: 'causal',
    files: { 'spec/masks/NAME.json': 'spec/masks/causal.json' },
    steps: [...documentSteps, 'npx attention-cts mask NAME, which draws it'],
  },
  operator: {
    like: 'relu-attention',
    files: { 'spec/operators/scores/NAME.json': 'spec/operators/scores/relu-attention.json' },
    steps: [
      ...documentSteps,
      'move it into the folder of its family',
      'npx attention-cts operator NAME, which prints its program',
      'npm run accept -- documents, which compares its two programs',
    ],
  },
  scheme: {
    like: 'ulysses',
    files: { 'spec/schemes/NAME.json': 'spec/schemes/ulysses.json' },
    steps: [
      ...documentSteps,
      'write its program in adapters/parallel/programs/, and a mutant of it in adapters/controls/mutants/schemes/',
      'npx attention-cts run --profile parallel --scheme NAME',
    ],
  },
  property: {
    like: 'dyadic-exact',
    files: {
      'suites/properties/kernel/NAME.ts': 'suites/properties/kernel/dyadic-exact.ts',
      'test/suites/properties/NAME.test.ts': 'test/suites/properties/dyadic-exact.test.ts',
    },
    steps: [
      'write its judge and its tests',
      'npm run generate, which adds it to the list of properties',
      'add it to a profile in spec/profiles/',
      'write a mutant in adapters/controls/mutants/ that only this property finds: npx attention-cts power --matrix',
    ],
  },
  reporter: {
    like: 'json',
    files: { 'reports/NAME.ts': 'reports/json.ts' },
    steps: ['write its report and its test', 'npm run generate, which adds it to the list of reporters'],
  },
};

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Files of a new thing. @returns text by path, and the steps that are left. @throws {Error} with what to write instead */
export function newFiles(kind, name, exists = (path) => existsSync(join(root, path))) {
  const made = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!made) throw new Error(`found kind "${kind ?? ''}", must be ${Object.keys(kinds).join(', ')}: npm run new -- mask my-mask`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) {
    throw new Error(`found name "${name ?? ''}", must be lower-case words joined by hyphens: npm run new -- ${kind} my-${kind}`);
  }
  const filled = (text) => text.replaceAll('NAME', name);
  const files = Object.entries(made.files).map(([path, from]) => {
    const text = readFileSync(join(root, from), 'utf8');
    const renamed = text.replaceAll(`'${made.like}'`, `'${name}'`).replace(`"name": "${made.like}"`, `"name": "${name}"`);
    const code = path.endsWith('.ts') ? renamed.replaceAll(`/${made.like}.js'`, `/${name}.js'`) : renamed;
    return [filled(path), path.endsWith('.ts') ? code.replace(new RegExp(`\\b${camel(made.like)}\\b`, 'g'), camel(name)) : code];
  });
  const taken = files.find(([path]) => exists(path));
  if (taken) throw new Error(`${taken[0]} exists; give the ${kind} another name`);
  return { files: Object.fromEntries(files), like: made.like, steps: made.steps.map(filled) };
}

if (process.argv[1] === import.meta.filename) {
  try {
    const [kind, name] = process.argv.slice(2);
    const { files, like, steps } = newFiles(kind, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}, a copy of ${like}`);
    }
    console.log(`\nThen:\n${steps.map((step) => `  - ${step}`).join('\n')}\nCONTRIBUTING.md says where everything else is added.`);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exitCode = 2;
  }
}
