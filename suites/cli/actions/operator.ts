import { jsonText, plainText } from '../../../reports/text/plain-text.js';
import { documentsCalled } from '../../../spec/also.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { shortNumber } from '../../../spec/lib/short-number.js';
import { createLibrary, type SpecDocument } from '../../../spec/library.js';
import { exampleParameters } from '../../../spec/mask/example-parameters.js';
import { printMask } from '../../../spec/mask/print/print.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { cellsSvg } from '../../../spec/program/print/cells-svg.js';
import { operatorRecord } from '../../../spec/program/print/record.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Mask, Operator } from '../../../spec/types/documents.js';
import { type OperatorPicture, operatorPicture } from '../../documents/picture.js';
import { pictureMask } from '../../documents/small-case.js';
import { exitCodes } from '../../lib/exit-code.js';
import { requireFile, writeFor } from '../../lib/files.js';
import { readSpecFolder } from '../../lib/spec-folder.js';
import { UsageError } from '../../lib/usage-error.js';
import { describeCalled, describeOperator } from '../text/operator.js';

export interface OperatorFlags {
  readonly svg?: string;
  readonly influence?: boolean;
  readonly json?: boolean;
  readonly spec?: string[];
}

const tokens = 14;

/** Runs `attn-cts operator NAME`. @returns the exit code. */
export async function operatorAction(asked: string, { svg, influence = false, json = false, spec = [] }: OperatorFlags): Promise<number> {
  const documents = spec.flatMap(readSpecFolder);
  const library = createLibrary(documents);
  const called = library.operators.has(asked) ? [] : documentsCalled(library, asked);
  const [other, ...others] = called.filter(({ kind }) => kind === 'operator');
  if (called.length > 0 && (other === undefined || others.length > 0)) {
    if (json || svg !== undefined)
      throw new UsageError(`"${asked}" means ${called.map(({ name }) => `"${name}"`).join(', ')}: name one operator`);
    process.stdout.write(plainText(describeCalled(asked, called)));
    return exitCodes.passed;
  }
  const name = other?.name ?? asked;
  const operator = library.operators.get(name);
  if (!operator) throw new UsageError(`unknown operator "${name}"; ${nearestNames(name, library.operators.keys())}`);
  if (influence && svg === undefined) throw new UsageError('--influence: add --svg FILE, the picture to draw it in');
  if (svg !== undefined) requireFile('--svg', svg);
  const record = operatorRecord(asWritten(name, documents) ?? operator);
  process.stdout.write(json ? jsonText(record) : plainText(describeOperator(record)));
  if (svg !== undefined) writeFor('--svg', svg, svgOf(library, operator, influence));
  return exitCodes.passed;
}

function asWritten(name: string, documents: readonly SpecDocument[]): Operator | undefined {
  const added = documents.flatMap(({ kind, value }) => (kind === 'operator' ? [value as Operator] : []));
  return [...operatorDocuments, ...added].find((operator) => operator.name === name);
}

/** @throws {UsageError} if the operator has nothing to draw. */
function svgOf(library: SpecLibrary, operator: Operator, influence: boolean): string {
  const picture = operatorPicture(library, operator, { mask: maskOf(library, operator), tokens, influence });
  if (!picture)
    throw new UsageError(`--svg: "${operator.name}" has no weights, and no gradient from queries to keys: there is nothing to draw`);
  return cellsSvg({ ...picture, title: `${operator.name}: ${picture.title}`, note: noteOf(picture) }, picture.cells);
}

function maskOf(library: SpecLibrary, operator: Operator): Mask {
  const name = pictureMask(operator);
  const spec = library.masks.get(name);
  const parameters = spec && exampleParameters(spec, undefined, tokens);
  return { name, ...(parameters && { parameters }) };
}

function noteOf({ case: c, largest }: OperatorPicture): string {
  const options = Object.entries(c.options).map(([name, value]) => `, ${name} = ${value}`);
  return `The mask is ${printMask(c.mask)}${options.join('')}. The darkest cell is ${shortNumber(largest)}.`;
}
