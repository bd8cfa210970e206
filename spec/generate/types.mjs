// Makes spec/types/ from the schemas: TypeScript types, and validators that need no eval.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));
const files = readdirSync(folder)
  .filter((f) => f.endsWith('.schema.json'))
  .sort();
const schemas = files.map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8')));
const nameOf = (schema) => schema.title[0].toLowerCase() + schema.title.slice(1);
const validatorOf = (schema) => `validate${schema.title}`;
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

const ajv = new Ajv({
  schemas,
  // one fault is told; and lists of faults are joined anew at each, which a long list of them makes slow
  allErrors: false,
  strict: true,
  keywords: ['tsType'],
  strictTypes: false,
  strictTuples: false,
  code: { source: true, esm: true },
});
const validators = banner + standalone.default(ajv, Object.fromEntries(schemas.map((s) => [validatorOf(s), s.$id])));
if (/\brequire\(/.test(validators))
  throw new Error('a schema uses a keyword whose validator needs a runtime import; use another (pattern for minLength)');
const declarations = `${banner}import type { ValidateFunction } from 'ajv';\nimport type { Documents } from './documents.js';\n${schemas
  .map((s) => `export declare const ${validatorOf(s)}: ValidateFunction<Documents['${nameOf(s)}']>;\n`)
  .join('')}`;

/** The text of each file, by its path in the repository. */
export const types = {
  'spec/types/documents.ts': documents,
  'spec/types/validators.js': validators,
  'spec/types/validators.d.ts': declarations,
};
