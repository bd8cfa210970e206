// Makes validators of documents that need no eval.
import Ajv, { _, stringify } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import additionalProperties from 'ajv/dist/vocabularies/applicator/additionalProperties.js';
import { banner, everyFault, schemas, validatorOf } from './schemas.mjs';

const prose = new Set(['title', 'description', 'tsType']);

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
  return text;
}

/** The text of each file, by its path in the repository. A validator stops at the first fault unless every one is asked for: a long list is joined slowly. */
export const validators = {
  'spec/types/validators.js': validatorsOf(undefined, false),
  'spec/types/every-fault.js': validatorsOf(everyFault, true),
};
