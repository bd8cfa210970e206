import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../spec/library.js';
import { expressionTex } from './expression-formula.js';
import { formulaTex } from './formula.js';
import { formula } from './page.js';

const { operators, masks, schemes } = createLibrary();

/** Text of the MathML of a formula, without spaces. @throws {Error} if KaTeX does not know a part of it. */
function drawn(tex: string): string {
  const html = katex.renderToString(tex, { output: 'mathml', strict: 'error', throwOnError: true });
  return html
    .replace(/<annotation.*?<\/annotation>/s, '')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** Characters without brackets, of which those of an index or a root are not drawn, and in the letters that Unicode takes for the same. */
function characters(text: string): string {
  return (
    text
      // MathML has the mark of p' behind the index
      .replaceAll(/'(_[A-Za-z0-9]+)/g, "$1'")
      .replaceAll('¼', '14')
      .replaceAll('½', '12')
      .normalize('NFKD')
      .replaceAll(/[\s(){}_^`√\u2061ˆ~ˉ¯]|\p{M}/gu, '')
      .replaceAll('Σ', '∑')
      .replaceAll(/[·⋅]/g, '·')
      .replaceAll(/[∣|]/g, '|')
      .replaceAll(/['’]/g, '′')
      .replaceAll('-', '−')
  );
}

describe('formulas of operators', () => {
  it.each([...operators.values()])('$name has every letter and sign in TeX, in its order', (operator) => {
    const clauses = formulaTex(operator.formula);
    expect(characters(clauses.map(drawn).join(''))).toBe(characters(operator.formula.replaceAll(/[,;] {2}/g, ' ')));
    for (const tex of clauses) expect(formula(tex)).toMatch(/^\$\S(?:[^$]*\S)?\$$/);
  });

  it('are split at their clauses', () => {
    expect(formulaTex('o_i = Σ_j p_ij v_j,  p = a, b;  c')).toHaveLength(3);
  });

  it.each([
    ['x_(i−1)', 'x _{i {-} 1}'],
    ['f(p_ij)', 'f ( p _{\\mathit{ij}} )'],
    ['√(2π σ²) k̂', '\\sqrt{2 π \\, σ ^{2}} \\, \\hat{k}'],
    ['keys of `top`', '\\mathrm{keys} \\ \\allowbreak \\mathrm{of} \\ \\allowbreak \\texttt{top}'],
    ['scale · q·k', '\\mathrm{scale} \\cdot q {\\cdot} k'],
    ['10⁻⁵ Sᵀ', '10 ^{-5} \\, S ^{\\mathsf T}'],
  ])('%s is %s', (text, tex) => {
    expect(formulaTex(text)).toEqual([tex]);
  });
});

describe('expressions of documents', () => {
  it.each([...masks.values()])('of the mask $name are formulas', ({ visible }) => {
    expect(drawn(expressionTex(visible))).not.toBe('');
  });

  it.each([...schemes.values()])('of the scheme $name are formulas', ({ layout, unit, balance, volume }) => {
    const shares = Object.values(balance).map((share) => (typeof share === 'object' && 'most' in share ? share.most : share));
    const amounts = Object.values(volume).flatMap((items) => items.flatMap(({ elements, width }) => [elements, width]));
    const all = [...(layout === 'solved' ? [] : [layout]), unit, ...shares, ...amounts];
    for (const each of all) if (each !== undefined) expect(drawn(expressionTex(each))).not.toBe('');
  });

  it.each([
    [['-', 'a', ['-', 'b', 1]], 'a - (b - 1)'],
    [['-', ['-', 'a', 'b'], 1], 'a - b - 1'],
    [['*', ['+', 'a', 'b'], 'left'], '(a + b) \\cdot \\text{left}'],
    [['and', 'a', ['or', 'b', ['not', ['=', 'i', 'j']]]], 'a \\land (b \\lor \\lnot (i = j))'],
    [['*', ['mod', 'i', 2], 3], '(i \\bmod 2) \\cdot 3'],
    [['=', ['mod', ['+', 'i', 1], 2], 0], '((i + 1) \\bmod 2) = 0'],
    [['floor', ['/', 'i', 'n']], '\\left\\lfloor \\frac{i}{n} \\right\\rfloor '],
    [['/', 'i', ['/', 'a', 'b']], 'i / \\left(\\frac{a}{b} \\right)'],
    [['pow', ['/', 'a', 'b'], 2], '\\left(\\frac{a}{b} \\right)^{2}'],
    [['pow', ['-', 0, 'a'], ['pow', 'b', 2]], '(0 - a)^{b^{2}}'],
    [['at', 'document', 'i'], '\\text{document}[i]'],
    [['*', 2, -1], '2 \\cdot (-1)'],
    [['max', 0, '#h'], '\\text{max}(0, \\#h)'],
  ] as const)('%j is %s', (expression, tex) => {
    expect(expressionTex(expression as unknown as Parameters<typeof expressionTex>[0])).toBe(tex);
  });
});
