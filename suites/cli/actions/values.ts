import { readFileSync } from 'node:fs';
import { readSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { forFlag, readTextFor, requireFile, writePartsFor } from '../../lib/files.js';
import { readCall } from '../../vectors/described-call.js';
import { vectorParts } from '../../vectors/vector.js';
import { failureDocument } from '../failure-document.js';

export interface ValuesFlags {
  readonly out: string;
  readonly pass?: 'forward' | 'backward';
  readonly expected?: boolean;
  readonly spec?: string[];
}

/** Runs `attn-cts values CASE`. @returns the exit code. */
export async function valuesAction(path: string, { out, pass = 'forward', expected = false, spec }: ValuesFlags): Promise<number> {
  const { library } = readSpec(spec);
  requireFile('--out', out);
  const [text, document] = path === '-' ? [forFlag('-', () => readFileSync(0, 'utf8')), 'standard input'] : readDocument(path);
  const { claims, ...call } = readCall(text, document, library, pass);
  writePartsFor('--out', out, vectorParts(claims, call, expected));
  process.stdout.write(`the tensors of ${call.case.operator} ${call.case.dtype}, ${call.command} pass, are in ${out}\n`);
  return exitCodes.passed;
}

function readDocument(path: string): [text: string, document: string] {
  const file = failureDocument(path);
  return [readTextFor('the case', file), file];
}
