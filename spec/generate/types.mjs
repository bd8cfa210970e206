// Makes spec/types/: TypeScript types of the documents, and declarations of their validators.
import { compile } from 'json-schema-to-typescript';
import { banner, everyFault, files, folder, nameOf, schemas, validatorOf } from './schemas.mjs';

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

/** Declarations of the validators of some kinds of documents. */
function declarations(titles) {
  const own = schemas.filter((s) => titles === undefined || titles.includes(s.title));
  const lines = own.map((s) => `export declare const ${validatorOf(s)}: ValidateFunction<Documents['${nameOf(s)}']>;\n`);
  return `${banner}import type { ValidateFunction } from 'ajv';\nimport type { Documents } from './documents.js';\n${lines.join('')}`;
}

/** The text of each file, by its path in the repository. */
export const types = {
  'spec/types/documents.ts': documents,
  'spec/types/validators.d.ts': declarations(undefined),
  'spec/types/every-fault.d.ts': declarations(everyFault),
};
