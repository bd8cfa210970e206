// The schemas of documents, for what is made from them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const folder = fileURLToPath(new URL('../schema/', import.meta.url));
export const files = readdirSync(folder)
  .filter((f) => f.endsWith('.schema.json'))
  .sort();
export const schemas = files.map((f) => JSON.parse(readFileSync(join(folder, f), 'utf8')));
export const nameOf = (schema) => schema.title[0].toLowerCase() + schema.title.slice(1);
export const validatorOf = (schema) => `validate${schema.title}`;
/** Kinds of documents whose validators look for every fault: what a process says may have keys that are not known yet. */
export const everyFault = ['ProcessStart', 'ProcessReply'];
export const banner = '// Generated from spec/schema by `npm run generate`. Do not edit.\n';
