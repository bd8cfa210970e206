import { readFileSync } from 'node:fs';
import { jsonText } from '../../../reports/text/plain-text.js';
import { quote } from '../../../reports/text/replay-line.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import type { Device } from '../../../spec/numeric/named.js';
import { listedMasks } from '../../../spec/operator/facts.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../../../spec/tensor/safetensors.js';
import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Layout, Mask, Operator } from '../../../spec/types/documents.js';
import { readDialectFlags } from '../../dialect-flag.js';
import { loadSpec } from '../../documents/load-spec.js';
import { judgeOnDevice, type NumericsVerdict, numericsNamed } from '../../expected/by-numerics.js';
import { count, described, type Verdict, verdictOf } from '../../expected/described.js';
import { expectedOf } from '../../expected/expected.js';
import { failingRow } from '../../expected/failing-row.js';
import type { JudgedPass } from '../../expected/judge-tensors.js';
import type { OwnProblem } from '../../expected/own-problem.js';
import { judgeSampled, type SampledVerdict } from '../../expected/sampled.js';
import { exitCodes } from '../../lib/exit-code.js';
import { forFlag, readTextFor, requireFile, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { parseMask } from '../mask-argument.js';
import { ownCommand } from '../own-command.js';

/** Verdict on a user's tensors, as JSON. */
function recordOf({ case: c, judged, rows, keyHeads, numerics, narrower }: Verdict) {
  return {
    operator: c.operator,
    dims: c.dims,
    dtype: c.dtype,
    ...(numerics !== undefined && { numerics }),
    ...(narrower !== undefined && { narrower }),
    ...(rows && { rows }),
    ...(keyHeads && { keyHeads }),
    verdict: verdictOf({ judged }),
    judged: judged.map(({ pass, outputs, judgement, statistics }) => ({ pass, outputs, ...withoutDiagnosis(judgement), statistics })),
  };
}

function withoutDiagnosis(judgement: JudgedPass['judgement']) {
  if (judgement.status === 'pass') return { status: judgement.status };
  const { diagnosis: _, call: __, ...rest } = judgement as JudgedPass['judgement'] & { diagnosis?: unknown; call?: unknown };
  return rest;
}

/** Flags that say what a user's tensors are. */
interface TensorFlags {
  readonly operator?: string;
  readonly mask?: string;
  readonly param?: string[];
  readonly option?: string[];
  readonly layout?: Layout;
  readonly dialect?: string[];
  readonly capabilities?: string;
  readonly numerics?: string;
  readonly spec?: string[];
  readonly json?: boolean;
}

export interface ExpectedFlags extends TensorFlags {
  readonly out?: string;
}

export interface ExplainFlags extends TensorFlags {
  readonly device?: Device;
  readonly whole?: boolean;
  readonly row?: string;
}

/** Runs `attn-cts expected FILE`. @returns the exit code: 1 if an output in a file is wrong, 3 if one is undecided. */
export function expectedAction(files: readonly string[], flags: ExpectedFlags): number {
  if (flags.out !== undefined && files.length > 1)
    throw new UsageError('--out: takes the values of one file; name one, or leave --out out');
  if (flags.out !== undefined) requireFile('--out', flags.out);
  return judgeFiles(files, flags, ['undecided'], (own) => {
    const { out } = flags;
    const expected = expectedOf(own);
    if (out !== undefined) writeFor('--out', out, encodeSafetensors(expected.tensors, { case: JSON.stringify(expected.case) }));
    const outputs = Object.keys(expected.tensors).flatMap((name) => (name.startsWith('expected.') ? [name.slice('expected.'.length)] : []));
    const notes = [
      ...(expected.judged.length === 0 ? [`  no output is judged: the file has none of ${outputs.join(', ')}`] : []),
      ...(out === undefined ? [] : [`  expected.X and bound.X of ${outputs.join(', ')} are in ${out}`]),
    ];
    return { verdict: expected, record: { ...recordOf(expected), outputs }, lines: [...described(expected), ...notes] };
  });
}

/** Runs `attn-cts explain FILE`. @returns the exit code: 1 if an output is wrong, 3 if no output is decided. */
export function explainAction(files: readonly string[], flags: ExplainFlags): number {
  return judgeFiles(files, flags, ['undecided', 'not judged'], (own) => {
    const named = flags.numerics !== undefined || flags.capabilities !== undefined;
    const verdict: SampledVerdict & Partial<NumericsVerdict> = named
      ? { ...judgeSampled(own, flags.whole), ...(flags.numerics !== undefined && { numerics: flags.numerics }) }
      : judgeOnDevice(own, flags.device ?? 'cpu', flags.whole ?? false);
    const row =
      flags.row !== undefined && failingRow({ ...own, numeric: own.numeric ?? numericsNamed(verdict.numerics as string).numeric }, verdict);
    if (row) writeFor('--row', flags.row as string, encodeSafetensors(row.tensors));
    const notes =
      verdict.judged.length === 0 ? [`  no output is judged: the file has none of ${Object.keys(own.operator.outputs).join(', ')}`] : [];
    return {
      verdict,
      record: { ...recordOf(verdict), ...(row && { row: flags.row, replay: replayOf(flags, verdict) }) },
      lines: [...described(verdict), ...notes, ...rowNote(row, flags, verdict)],
    };
  });
}

/** Command line that judges the row written by --row. */
function replayOf({ row, operator, option = [], dialect = [], numerics, capabilities }: ExplainFlags, verdict: Verdict): string {
  const bounds = capabilities !== undefined ? ['--capabilities', capabilities] : ['--numerics', numerics ?? (verdict.numerics as string)];
  const named = operator === undefined ? [] : ['--operator', operator];
  const options = [...option.flatMap((one) => ['--option', one]), ...dialect.flatMap((one) => ['--dialect', one])];
  return [ownCommand(), 'explain', ...[row as string, ...named, ...options, ...bounds].map(quote)].join(' ');
}

function rowNote(row: OwnProblem | false | undefined, flags: ExplainFlags, verdict: Verdict): string[] {
  if (!row) return [];
  return [`  that row alone is wrong too, with the ${count(row.tensors.k.shape[2])} keys that it sees:`, `  ${replayOf(flags, verdict)}`];
}

/**
 * Judges each file and prints the verdicts: with --json one document, or an array for several files.
 * @param open verdicts that make the exit code 3
 */
function judgeFiles(
  files: readonly string[],
  flags: TensorFlags,
  open: readonly string[],
  judge: (own: OwnProblem) => { readonly verdict: Verdict; readonly record: object; readonly lines: readonly string[] },
): number {
  const ownOf = problemReader(flags);
  const found = files.map((file) => ({ file, ...judge(ownOf(file)) }));
  const records = found.map(({ file, record }) => (files.length > 1 ? { file, ...record } : record));
  const text = found.map(({ file, lines }) => `${[...(files.length > 1 ? [`${file}:`] : []), ...lines].join('\n')}\n`);
  process.stdout.write(flags.json ? jsonText(files.length > 1 ? records : records[0]) : text.join(''));
  const verdicts = found.map(({ verdict }) => verdictOf(verdict));
  if (verdicts.includes('fail')) return exitCodes.failed;
  return verdicts.some((one) => open.includes(one)) ? exitCodes.inconclusive : exitCodes.passed;
}

/** Reads files as problems of the operator, mask and options of the flags. @throws {UsageError | DocumentError} */
function problemReader(flags: TensorFlags): (file: string) => OwnProblem {
  const name = flags.operator ?? plainOperator.name;
  const { library } = loadSpec(flags.spec, new Set([name]));
  const operator = operatorNamed(library.operators, name);
  const [usual = 'full'] = listedMasks(operator) ?? [];
  const mask: Mask = flags.mask === undefined ? { name: usual } : parseMask(flags.mask, flags.param ?? [], library);
  if (flags.mask === undefined && flags.param) throw new UsageError('--param: add --mask, the mask that has this parameter');
  if (flags.numerics !== undefined && flags.capabilities !== undefined)
    throw new UsageError('--numerics: leave it out, or --capabilities, which has a numeric profile');
  const options = Object.fromEntries((flags.option ?? []).map(parseOption));
  const dialect = readDialectFlags(flags.dialect ?? []);
  const numeric =
    flags.capabilities !== undefined
      ? readNumeric(flags.capabilities)
      : flags.numerics !== undefined
        ? numericsNamed(flags.numerics).numeric
        : undefined;
  return (file) => ({ library, operator, tensors: readTensors(file), layout: flags.layout ?? 'bhld', mask, options, dialect, numeric });
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
