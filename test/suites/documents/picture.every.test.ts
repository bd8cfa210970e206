import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { differentiableInputs, inputsOf, queryAxisOf } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { cellsSvg } from '../../../spec/program/print/cells-svg.js';
import type { Operator } from '../../../spec/types/documents.js';
import { operatorPicture } from '../../../suites/documents/picture.js';
import { pictureMask } from '../../../suites/documents/small-case.js';
import { asksAll, someOf } from '../../some.js';

const library = createLibrary();
const tokens = 6;

function draw(operator: Operator, influence = false, mask = pictureMask(operator), within = library) {
  return operatorPicture(within, operator, { mask: { name: mask }, tokens, influence });
}

/** Causal by its mask or a law of its document, or by its formula alone. */
function isCausal({ name, laws = [] }: Operator, mask: string): boolean {
  return mask === 'causal' || laws.includes('causal') || name === 'linear-causal' || name === 'linear-decay';
}

/** An operator of another program, each of its `o` and `x` an output, as `draw` takes it. */
function withProgram(program: Operator['program'], inputs = plainOperator.inputs): Parameters<typeof draw> {
  const axes = ['b', 'hk', 'g', 'm', 'e'];
  const outputs = Object.fromEntries(program.flatMap(([name]) => (name === 'o' || name === 'x' ? [[name, axes]] : [])));
  const masks: Operator['masks'] = JSON.stringify(program).includes('"mask"') ? 'any' : ['full'];
  const { second: _, ...plain } = plainOperator;
  const mine: Operator = { ...plain, name: 'mine', inputs, options: {}, optional: {}, laws: [], masks, program, outputs };
  const more = createLibrary([{ kind: 'operator', document: 'mine.json', value: mine }]);
  return [mine, false, 'full', more];
}

/** True if a gradient may go from a query to a key. */
const hasBothAxes = (operator: Operator) =>
  operator.outputs.o.includes(queryAxisOf(operator)) &&
  differentiableInputs(operator).some((name) => inputsOf(operator)[name].axes.includes('n'));
const hasGradients = ({ name }: Pick<Operator, 'name'>) => differentiableInputs(library.operators.get(name) as Operator).length > 0;

describe('the picture of an operator', () => {
  it.skipIf(asksAll).each(operatorDocuments.filter((document) => !hasGradients(document)).map(({ name }) => name))(
    'is none of %s, which has no gradients',
    (name) => {
      expect(draw(library.operators.get(name) as Operator)).toBeUndefined();
    },
  );

  it.each(someOf(operatorDocuments.filter(hasGradients), ({ family }) => family).map(({ name }) => name))(
    'of %s has cells within [0, 1], under the diagonal if it is causal',
    (name) => {
      const operator = library.operators.get(name) as Operator;
      for (const influence of [false, true]) {
        const picture = draw(operator, influence);
        if (!picture) {
          expect(hasBothAxes(operator)).toBe(false);
          continue;
        }
        const { rows, columns, cells, largest, title } = picture;
        expect([rows * columns, Number.isFinite(largest), largest > 0]).toEqual([cells.length, true, true]);
        expect(Math.max(...cells)).toBe(1);
        expect(cells.every((x) => x >= 0 && x <= 1)).toBe(true);
        if (influence) expect(title).toMatch(/^\|∂o_i\/∂\w+_j\|$/);
        if (!isCausal(operator, pictureMask(operator))) continue;
        const above = cells.filter((_, at) => at % columns > Math.floor(at / columns));
        expect([...above]).toEqual(above.length === 0 ? [] : new Array(above.length).fill(0));
      }
    },
  );

  it.skipIf(asksAll).each(['full', 'causal'])(
    'has weights that are the influence of the values, up to a factor, in plain attention (%s)',
    (mask) => {
      const [weights, influence] = [false, true].map((wish) => draw(library.operators.get(plainOperator.name) as Operator, wish, mask));
      expect([weights?.title, influence?.title]).toEqual(['weights p of v', '|∂o_i/∂v_j|']);
      weights?.cells.forEach((x, at) => {
        expect(influence?.cells[at]).toBeCloseTo(x, 10);
      });
    },
  );

  const p: Operator['program'][number] = ['p', ['softmax', ['dot', 'q', 'k', 'd'], 'n', { where: 'mask' }]];
  it.skipIf(asksAll).each<[string, Operator['program'], string]>([
    ['the weights have no name', [['o', ['dot', ['tanh', ['dot', 'q', 'k', 'd']], 'v', 'n']]], 'weights of v'],
    ['the values come first', [p, ['w', ['add', 'v', 1]], ['o', ['dot', 'w', 'p', 'n']]], 'weights p of w'],
    ['the output is computed further', [p, ['h', ['dot', 'p', 'v', 'n']], ['o', ['tanh', 'h']]], 'weights p of v'],
    ['others are of another output', [p, ['x', ['dot', ['exp', 'p'], 'v', 'n']], ['o', ['dot', 'p', 'v', 'n']]], 'weights p of v'],
    ['there are two', [p, ['o', ['add', ['dot', 'p', 'v', 'n'], ['dot', ['exp', 'p'], 'v', 'n']]]], '|∂o_i/∂v_j|'],
    ['there are none', [['o', ['dot', 'q', ['dot', 'k', 'v', 'n'], 'd']]], '|∂o_i/∂v_j|'],
  ])('names what it shows where %s', (_, program, title) => {
    expect(draw(...withProgram(program))?.title).toBe(title);
  });

  it.skipIf(asksAll)('does not exist if no gradient reaches an input', () => {
    const v = { axes: ['b', 'hk', 'n', 'e'], gradient: false };
    expect(draw(...withProgram([['o', ['expand', ['sum', 'v', 'n'], 'g', 'm']]], { v }))).toBeUndefined();
  });
});

describe('tokens that are much alike', () => {
  const shares = (name: string) => {
    const picture = draw(library.operators.get(name) as Operator, false, 'causal') as NonNullable<ReturnType<typeof draw>>;
    return { ...picture, last: [...picture.cells.slice(-picture.columns)] };
  };

  it.skipIf(asksAll)('have nearly equal weights', () => {
    const { last } = shares(plainOperator.name);
    expect(Math.min(...last) / Math.max(...last)).toBeGreaterThan(0.5);
  });

  it.skipIf(asksAll)('decay with distance where the operator has a decay', () => {
    for (const name of operatorDocuments.flatMap((each) =>
      inputsOf(each).decay?.draw === 'log-decay' && hasGradients(each) ? [each.name] : [],
    )) {
      const { last } = shares(name);
      expect(last[0]).toBeLessThan(last.at(-1) as number);
    }
  });
});

describe('cellsSvg', () => {
  it.skipIf(asksAll)('draws each cell that is not 0 once, where it lies, as dark as it is', () => {
    const svg = cellsSvg({ rows: 2, columns: 3, title: 'a < b', note: 'c & d' }, [0, 0.5, 1, 0.25, 0, 0]);
    const drawn = [...svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" fill-opacity="([\d.]+)"/g)].map((found) =>
      found.slice(1).map(Number),
    );
    expect(drawn).toEqual([
      [160, 0, 160, 160, 0.5],
      [320, 0, 160, 160, 1],
      [0, 160, 160, 160, 0.25],
    ]);
    expect(svg).toContain('>a &lt; b<');
    expect(svg).toContain('>c &amp; d<');
    expect(svg).toContain('>keys 0 … 2<');
    expect(svg).toContain('>queries 1 … 0<');
  });
});
