import { documentsCalled } from '../../spec/also.js';
import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import { plainOperator } from '../../spec/operators/plain.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Mask, MaskParameters, MaskSpec, NamedMask } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

/** Parses a mask name with parameters, or JSON. @throws {UsageError} @throws {DocumentError} */
export function parseMask(argument: string, params: readonly string[], library: SpecLibrary): Mask {
  if (!argument.trimStart().startsWith('{')) {
    const name = library.masks.has(argument) ? argument : (calledMask(argument, library) ?? argument);
    const spec = library.masks.get(name);
    return { name, ...(params.length > 0 && { parameters: Object.fromEntries(params.map((param) => parseParam(param, spec))) }) };
  }
  if (params.length > 0) throw new UsageError('--param: leave it out: a mask in JSON holds its own parameters');
  return checkMask(parseJson(argument, 'mask'));
}

function calledMask(name: string, library: SpecLibrary): string | undefined {
  const [mask, ...others] = documentsCalled(library, name).filter(({ kind }) => kind === 'mask');
  return others.length === 0 ? mask?.name : undefined;
}

/** Lists all named masks of a composition. */
export function namedMasks(mask: Mask): NamedMask[] {
  if ('name' in mask) return [mask];
  if ('not' in mask) return namedMasks(mask.not);
  return ('and' in mask ? mask.and : 'or' in mask ? mask.or : mask.heads).flatMap(namedMasks);
}

/** Checks a mask inside a whole case, since the schema of masks is part of the schema of cases. */
function checkMask(mask: unknown): Mask {
  const dims = { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 };
  const values = { distribution: 'normal', seed: 0 };
  const whole = { operator: plainOperator.name, dims, mask, options: {}, dtype: 'f32', layout: 'bhld', values };
  try {
    return checkDocument('case', whole, 'mask').mask;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new DocumentError('mask', error.path.replace('$.mask', '$'), error.problem);
  }
}

function parseParam(param: string, spec: MaskSpec | undefined): [string, MaskParameters[string]] {
  const at = param.indexOf('=');
  if (at < 1) throw new UsageError(`--param: found "${param}", must be NAME=VALUE, such as left=8 or lengths=3,0,5`);
  const [name, text] = [param.slice(0, at), param.slice(at + 1)];
  const type = spec?.parameters?.[name]?.type;
  if (type === 'lengths' || type === 'batch-lengths') return [name, text.split(',').map((part) => number(name, part))];
  return [name, type === 'choice' || type === undefined ? text : number(name, text)];
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--param: found "${text}" for ${name}, must be a number`);
  return value;
}
