// Makes spec/types/ from the schemas: TypeScript types, and validators that need no eval.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv, { _, stringify } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import additionalProperties from 'ajv/dist/vocabularies/applicator/additionalProperties.js';
import { compile } from 'json-schema-to-typescript';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));
const files = readdirSync(folder)
  .filter((f) => f.endsWith('.schema.json'))
  .sort();
const schemas = files.map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8')));
const nameOf = (schema) => schema.title[0].toLowerCase() + schema.title.slice(1);
const validatorOf = (schema) => `validate${schema.title}`;
const prose = new Set(['title', 'description', 'tsType']);
const banner = '// Generated from spec/schema by `npm run generate`. Do not edit.\n';

const all = {
  title: 'Documents',
  description: 'Every kind of document, by name.',
  type: 'object',
  additionalProperties: false,
  required: schemas.map(nameOf),
  properties: Object.fromEntries(schemas.map((s, i) => [nameOf(s), { $ref: files[i] }])),
};
const documents =
  banner +
  (await compile(all, 'Documents', {
    cwd: folder,
    bannerComment: '',
    style: { singleQuote: true, printWidth: 140 },
    unreachableDefinitions: false,
    ignoreMinAndMaxItems: true,
  }));

// an unknown key comes with those that are known in its place, so that a message can name the nearest
additionalProperties.default.error.params = ({ params, parentSchema }) =>
  _`{additionalProperty: ${params.additionalProperty}, known: ${stringify(Object.keys(parentSchema.properties ?? {}))}}`;

/** A schema without what is written for readers: validators carry parts of it with them, in the package and in every page. */
function bare(schema) {
  if (Array.isArray(schema)) return schema.map(bare);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema).filter(([key, value]) => !(prose.has(key) && typeof value === 'string'));
  return Object.fromEntries(kept.map(([key, value]) => [key, bare(value)]));
}

/** Validators of some kinds, as a module. @param allErrors whether they go on after a fault. */
function validatorsOf(titles, allErrors) {
  const ajv = new Ajv({
    schemas: bare(schemas),
    allErrors,
    // a definition that many places share is one function
    inlineRefs: false,
    strict: true,
    strictTypes: false,
    strictTuples: false,
    code: { source: true, esm: true },
  });
  const own = schemas.filter((s) => titles === undefined || titles.includes(s.title));
  const text = banner + standalone.default(ajv, Object.fromEntries(own.map((s) => [validatorOf(s), s.$id])));
  if (/\brequire\(/.test(text))
    throw new Error('a schema uses a keyword whose validator needs a runtime import; use another (pattern for minLength)');
  const declarations = `${banner}import type { ValidateFunction } from 'ajv';\nimport type { Documents } from './documents.js';\n${own
    .map((s) => `export declare const ${validatorOf(s)}: ValidateFunction<Documents['${nameOf(s)}']>;\n`)
    .join('')}`;
  return { text, declarations };
}

// one fault is told; and lists of faults are joined anew at each, which a long list of them makes slow
const first = validatorsOf(undefined, false);
// what a process says may have keys that are not known yet: all of them are looked for, in a line of at most a mebibyte
const every = validatorsOf(['ProcessStart', 'ProcessReply'], true);

/** The text of each file, by its path in the repository. */
export const types = {
  'spec/types/documents.ts': documents,
  'spec/types/validators.js': first.text,
  'spec/types/validators.d.ts': first.declarations,
  'spec/types/every-fault.js': every.text,
  'spec/types/every-fault.d.ts': every.declarations,
};
