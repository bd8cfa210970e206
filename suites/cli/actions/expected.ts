import { readFileSync } from 'node:fs';
import { jsonText } from '../../../reports/text/plain-text.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { listedMasks } from '../../../spec/operator/facts.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../../../spec/tensor/safetensors.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Layout, Mask, Operator } from '../../../spec/types/documents.js';
import { readDialectFlags } from '../../dialect-flag.js';
import { loadSpec } from '../../documents/load-spec.js';
import { type ExpectedOutputs, expectedOf, type JudgedPass } from '../../expected/expected.js';
import { exitCodes } from '../../lib/exit-code.js';
import { forFlag, readTextFor, requireFile, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { parseMask } from '../mask-argument.js';

/** Verdict on a user's tensors, as `attn-cts expected --json` prints it. */
function expectedRecord({ case: c, tensors, judged }: ExpectedOutputs) {
  return {
    operator: c.operator,
    dims: c.dims,
    dtype: c.dtype,
    outputs: Object.keys(tensors).flatMap((name) => (name.startsWith('expected.') ? [name.slice('expected.'.length)] : [])),
    verdict: judged.length === 0 ? 'not judged' : judged.some(({ judgement }) => judgement.status === 'fail') ? 'fail' : 'pass',
    judged: judged.map(({ pass, outputs, judgement, statistics }) => ({ pass, outputs, ...withoutDiagnosis(judgement), statistics })),
  };
}

function withoutDiagnosis(judgement: JudgedPass['judgement']) {
  if (judgement.status === 'pass') return { status: judgement.status };
  const { diagnosis: _, call: __, ...rest } = judgement as JudgedPass['judgement'] & { diagnosis?: unknown; call?: unknown };
  return rest;
}

/** Verdict in words. @param out file of the expected values, if written. */
function describeExpected(expected: ExpectedOutputs, out: string | undefined): string {
  const { operator, dims, dtype, outputs } = expectedRecord(expected);
  const sizes = Object.entries(dims).map(([axis, size]) => `${axis}=${size}`);
  const lines = [`${operator} ${dtype}, ${sizes.join(' ')}`];
  for (const { pass, outputs: given, judgement, statistics } of expected.judged) {
    for (const name of given) {
      const seen = statistics[name];
      if (seen)
        lines.push(
          `  ${name}: ${seen.elements} elements, largest error ${seen.maxOverBound.toPrecision(3)} of the bound, ${seen.undecided} undecided`,
        );
    }
    if (judgement.status === 'fail')
      lines.push(`  ${pass} pass is wrong: ${judgement.message}`, ...(judgement.hint ? [`  ${judgement.hint}`] : []));
    else lines.push(`  ${pass} pass is right`);
  }
  if (expected.judged.length === 0) lines.push(`  no output is judged: the file has none of ${outputs.join(', ')}`);
  if (out !== undefined) lines.push(`  expected.X and bound.X of ${outputs.join(', ')} are in ${out}`);
  return `${lines.join('\n')}\n`;
}

export interface ExpectedFlags {
  readonly operator?: string;
  readonly mask?: string;
  readonly param?: string[];
  readonly option?: string[];
  readonly layout?: Layout;
  readonly dialect?: string[];
  readonly capabilities?: string;
  readonly spec?: string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** Runs `attn-cts expected FILE`. @returns the exit code: 1 if an output in the file is wrong. */
export async function expectedAction(file: string, flags: ExpectedFlags): Promise<number> {
  const name = flags.operator ?? plainOperator.name;
  const { library } = loadSpec(flags.spec, new Set([name]));
  const operator = operatorNamed(library.operators, name);
  if (flags.out !== undefined) requireFile('--out', flags.out);
  const [usual = 'full'] = listedMasks(operator) ?? [];
  const mask: Mask = flags.mask === undefined ? { name: usual } : parseMask(flags.mask, flags.param ?? [], library);
  if (flags.mask === undefined && flags.param) throw new UsageError('--param: add --mask, the mask that has this parameter');
  const expected = expectedOf({
    library,
    operator,
    tensors: readTensors(file),
    layout: flags.layout ?? 'bhld',
    mask,
    options: Object.fromEntries((flags.option ?? []).map(parseOption)),
    dialect: readDialectFlags(flags.dialect ?? []),
    numeric: flags.capabilities === undefined ? undefined : readNumeric(flags.capabilities),
  });
  if (flags.out !== undefined) writeFor('--out', flags.out, encodeSafetensors(expected.tensors, { case: JSON.stringify(expected.case) }));
  process.stdout.write(flags.json ? jsonText(expectedRecord(expected)) : describeExpected(expected, flags.out));
  return expected.judged.some(({ judgement }) => judgement.status === 'fail') ? exitCodes.failed : exitCodes.passed;
}

function operatorNamed(operators: ReadonlyMap<string, Operator>, name: string): Operator {
  const operator = operators.get(name);
  if (!operator) throw new UsageError(`--operator: unknown operator "${name}"; ${nearestNames(name, operators.keys())}`);
  return operator;
}

function readTensors(file: string): Tensors {
  const bytes = forFlag('FILE', () => readFileSync(file));
  try {
    return decodeSafetensors(bytes).tensors;
  } catch (error) {
    if (error instanceof SafetensorsError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

function readNumeric(file: string) {
  return parseDocument('capabilities', readTextFor('--capabilities', file), file).numeric;
}

function parseOption(text: string): [string, number] {
  const at = text.indexOf('=');
  const value = Number(text.slice(at + 1));
  if (at < 1 || text.length === at + 1 || !Number.isFinite(value))
    throw new UsageError(`--option: found "${text}", must be NAME=NUMBER, such as scale=0.125`);
  return [text.slice(0, at), value];
}
