import { printExpression } from '../../spec/expression/print.js';
import { createLibrary } from '../../spec/library.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import { exampleParameters } from '../../spec/mask/example-parameters.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { operatorRecord } from '../../spec/program/print/record.js';
import { ownersOf } from '../../spec/scheme/owners.js';
import { layoutOf, worldOf } from '../../spec/scheme/world.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Balance, MaskSpec, Operator, Scheme, VolumeTerm } from '../../spec/types/documents.js';
import { maskLevel } from './picture-levels.js';
import { drawGrid } from './pictures/grid.js';
import type { DocumentData, Picture } from './site-data.js';

/** Queries and keys of the pictures. */
export const pictureTokens = 12;
/** Ranks in pictures of schemes, and tokens per rank. */
const pictureRanks = 4;
const rankTokens = 6;

/** Draws the weight of each key for each query; undefined if that is impossible. */
export type DrawOperator = (operator: Operator) => Picture | undefined;

/** Names of the documents that checks refer to. */
export interface NamedDocuments {
  readonly operators: ReadonlySet<string>;
  readonly masks: ReadonlySet<string>;
  readonly schemes: ReadonlySet<string>;
}

/** Returns pages for built-in documents that checks refer to. */
export function documentsOf({ operators, masks, schemes }: NamedDocuments, draw: DrawOperator = () => undefined): DocumentData[] {
  const library = createLibrary();
  return [
    ...operatorDocuments.filter(({ name }) => operators.has(name)).map((operator) => operatorData(operator, draw)),
    ...[...library.masks.values()].filter(({ name }) => masks.has(name)).map((mask) => maskData(library, mask)),
    ...[...library.schemes.values()].filter(({ name }) => schemes.has(name)).map(schemeData),
  ];
}

function operatorData(operator: Operator, draw: DrawOperator): DocumentData {
  const { name, family, version, title, formula, program, laws, masks, emptyRow, second, inputs, options, source } =
    operatorRecord(operator);
  const picture = draw(operator);
  return {
    kind: 'operator',
    name,
    version,
    title,
    family,
    sections: [
      { title: 'Formula', lines: [formula] },
      { title: 'Laws', lines: laws },
      { title: 'Inputs', lines: inputs.map((input) => `${input.name} [${input.axes.join(', ')}]${input.optional ? ', optional' : ''}`) },
      { title: 'Options', lines: options.map((option) => `${option.name} = ${option.default ?? 'none'}`) },
      { title: 'Masks', lines: [masks === 'any' ? 'any' : masks.join(', ')] },
      { title: 'A row without keys', lines: [emptyRow] },
      { title: 'Program', lines: program, folded: true as const },
      ...(second ? [{ title: `Second form: ${second.title}`, lines: second.program, folded: true as const }] : []),
    ].filter(({ lines }) => lines.length > 0),
    source,
    ...(picture && { picture }),
  };
}

function maskData(library: SpecLibrary, spec: MaskSpec): DocumentData {
  const { name, version, title, visible, parameters = {}, source = [], square } = spec;
  const picture = maskExample(library, spec);
  return {
    kind: 'mask',
    name,
    version,
    title,
    sections: [
      { title: 'A query sees a key where', lines: [printExpression(visible)] },
      {
        title: 'Parameters',
        lines: Object.entries(parameters).map(([key, { type, choices, description }]) =>
          [`${key} (${choices ? choices.join(' or ') : type})`, ...(description ? [description] : [])].join(': '),
        ),
      },
      { title: 'Shape', lines: square ? ['As many queries as keys.'] : [] },
    ].filter(({ lines }) => lines.length > 0),
    source,
    ...(picture && { picture }),
  };
}

function maskExample(library: SpecLibrary, spec: MaskSpec): Picture | undefined {
  const { name } = spec;
  const size = pictureTokens;
  const example = exampleParameters(spec, undefined, size);
  const mask = { name, ...(example && { parameters: example }) };
  try {
    const compiled = compileMask(library, mask, { b: 1, heads: 1, m: size, n: size, causal: 'bottom-right', window: 'inclusive' });
    const level = (i: number, _bottom: number, j: number) => maskLevel(compiled.visible(0, 0, i, j) ? 1 : 0);
    const given = example
      ? `: ${Object.entries(example)
          .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
          .join(', ')}`
      : '';
    return { kind: 'mask', title: `${name}${given}`, down: 'query', across: 'key', ...drawGrid(size, size, level) };
  } catch {
    // the mask's parameters have no example of this size
    return undefined;
  }
}

const unevenText: Readonly<Record<NonNullable<Scheme['uneven']>, string>> = {
  pad: 'the sequence is padded',
  'pad-documents': 'each document is padded',
  refuse: 'the case is refused',
  any: 'the case is computed without padding',
};

function schemeData(scheme: Scheme): DocumentData {
  const { name, version, title, masks, directions, uneven, needs, volume, balance, exact, layout, source } = scheme;
  const picture = owners(scheme);
  const sent = (terms: readonly VolumeTerm[] = []) => terms.map(sentText);
  return {
    kind: 'scheme',
    name,
    version,
    title,
    sections: [
      {
        title: 'Rank of token t',
        lines: [layout === 'solved' ? 'computed for each mask, so that all ranks have the same work' : printExpression(layout)],
      },
      { title: 'A rank sends, forward', lines: sent(volume.forward) },
      { title: 'A rank sends, backward', lines: sent(volume.backward) },
      {
        title: 'Work of the busiest rank ÷ mean work',
        lines: Object.entries(balance).map(([mask, value]) => `${mask}: ${balanceText(value)}`),
      },
      { title: 'Needs', lines: needs.map(({ holds, text }) => `${printExpression(holds)}: ${text}`) },
      { title: 'Masks', lines: [masks === 'any' ? 'any' : masks.join(', ')] },
      { title: 'Directions', lines: [directions.join(' and ')] },
      { title: 'Number of tokens that the ranks do not divide', lines: uneven === undefined ? [] : [unevenText[uneven]] },
      {
        title: 'Result',
        lines: [exact ? 'equals the result of one device, within the bounds' : 'differs by design from the result of one device'],
      },
    ].filter(({ lines }) => lines.length > 0),
    source,
    ...(picture && { picture }),
  };
}

function balanceText(value: Balance): string {
  return typeof value === 'object' && !Array.isArray(value) ? `at most ${printExpression(value.most)}` : printExpression(value);
}

function sentText({ what, elements, each, width, as }: VolumeTerm): string {
  const count =
    elements !== undefined
      ? `${printExpression(elements)} elements`
      : width !== undefined
        ? `${printExpression(width)} elements by ${each}`
        : `by ${each}`;
  return `${what}: ${count}, as ${as}`;
}

function owners(scheme: Scheme): Picture | undefined {
  if (scheme.layout === 'solved') return undefined;
  const n = pictureRanks * rankTokens;
  try {
    const world = worldOf(scheme, { b: 1, hk: 4, g: 1, m: n, n, d: 1, e: 1 }, pictureRanks);
    const ranks = ownersOf(layoutOf(world), n);
    const cells = Array.from({ length: pictureRanks * n }, (_, at) => (ranks[at % n] === Math.floor(at / n) ? '4' : '0')).join('');
    return {
      kind: 'ranks',
      title: `The rank of each of ${n} tokens, on ${pictureRanks} ranks`,
      down: 'rank',
      across: 'token',
      rows: pictureRanks,
      columns: n,
      of: [pictureRanks, n],
      cells,
    };
  } catch {
    // the layout needs more of a case than its sizes
    return undefined;
  }
}
