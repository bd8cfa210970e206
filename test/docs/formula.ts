/** Marks of the formulas of documents in TeX. Relations and signs take their own space; a mark that is not here stands for itself. */
const marks: Readonly<Record<string, string>> = {
  Σ: '\\sum',
  '·': '\\cdot',
  '−': '-',
  '⊙': '\\odot',
  '⊗': '\\otimes',
  '⋆': '\\star',
  '≤': '\\le',
  '≥': '\\ge',
  '∈': '\\in',
  '∪': '\\cup',
  '←': '\\leftarrow',
  '⌊': '\\lfloor',
  '⌋': '\\rfloor',
  '⌈': '\\lceil',
  '⌉': '\\rceil',
  '|': '\\vert',
  '…': '\\ldots',
  '⋯': '\\cdots',
  '#': '\\#',
  '½': '\\tfrac12',
  '¼': '\\tfrac14',
  ':': '{:}',
};
const accents: Readonly<Record<string, string>> = { '\u0302': '\\hat', '\u0303': '\\tilde', '\u0304': '\\bar' };
const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']', '⌊': '⌋', '⌈': '⌉' };
const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ';
const lowered = '₀₁₂₃₄₅₆₇₈₉₊₋ₘ';

/** Part of a formula: its TeX, and whether a space beside it is a space of the page (a word), thin (a factor), or its own (a sign). */
interface Part {
  readonly tex: string;
  readonly beside: 'word' | 'factor' | 'sign';
}

/**
 * A formula of a document in TeX, a text for each clause. Every letter, sign and bracket of the formula is one of the TeX, in the same order; the
 * brackets of an index, an exponent and a root alone are not drawn.
 */
export function formulaTex(formula: string): string[] {
  return formula.split(/[,;] {2}/).map((clause) => new Reader(clause.normalize('NFC')).all());
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // an accent is a mark of its own, beside its letter; what is raised, lowered or a fraction stays so
    this.#text = text.replaceAll(/\p{L}/gu, (letter) => (letter.normalize('NFD').length > 1 ? letter.normalize('NFD') : letter));
  }

  all(): string {
    const tex: string[] = [];
    let before: Part | undefined;
    while (this.#at < this.#text.length) {
      const isApart = this.#take(/ +/) !== '';
      const part = this.#part();
      if (isApart && before) tex.push(between(before, part));
      tex.push(part.tex);
      // a sum with its index has its own space, as the sum has
      before = before?.tex === '\\sum' && part.tex.startsWith('_') ? { ...part, beside: 'sign' } : part;
    }
    return tex.join(' ').replaceAll(/ +/g, ' ').trim();
  }

  /** Text that a pattern matches here, which is then read; empty if it does not. */
  #take(pattern: RegExp): string {
    const here = new RegExp(pattern, 'uy');
    here.lastIndex = this.#at;
    const found = here.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #part(): Part {
    const name = this.#take(/[A-Za-z][A-Za-z0-9]*|[α-ωℓ]/);
    if (name !== '') {
      const accent = accents[this.#take(/[\u0302-\u0304]/)];
      const tex = accent === undefined ? nameTex(name) : `${accent}{${nameTex(name)}}`;
      return { tex, beside: /^[A-Za-z]{2}/.test(name) ? 'word' : 'factor' };
    }
    const owner = this.#take(/'s\b/);
    if (owner !== '') return { tex: "\\text{'s}", beside: 'word' };
    const number = this.#take(/\d+(?:\.\d+)?/);
    if (number !== '') return { tex: number, beside: 'factor' };
    const option = this.#take(/`[^`]+`/);
    if (option !== '') return { tex: `\\texttt{${option.slice(1, -1)}}`, beside: 'word' };
    const script = this.#script();
    if (script !== undefined) return { tex: script, beside: 'factor' };
    if (this.#take(/√/) !== '') return { tex: `\\sqrt{${this.#operand()}}`, beside: 'factor' };
    if (this.#take(/\/(?= )/) !== '') return { tex: '\\mathbin{/}', beside: 'sign' };
    // a sign that has no space in the formula has none here: q·k binds tighter than scale · x, and −x has one side
    const tight = this.#take(/[·−+](?! )/);
    if (tight !== '') return { tex: `{${marks[tight] ?? tight}}`, beside: 'factor' };
    return this.#mark();
  }

  #mark(): Part {
    const mark = this.#take(/./);
    if (mark === ';' || mark === ':') return { tex: marks[mark] ?? mark, beside: 'word' };
    const isFactor = '()[]|⌊⌋⌈⌉½¼#…⋯'.includes(mark);
    return { tex: marks[mark] ?? mark, beside: isFactor ? 'factor' : 'sign' };
  }

  /** An index or an exponent. */
  #script(): string | undefined {
    const high = this.#take(new RegExp(`[${raised}]+`));
    if (high !== '') return `^{${high.normalize('NFKC').replaceAll('−', '-').replaceAll('T', '\\mathsf T')}}`;
    const low = this.#take(new RegExp(`[${lowered}]+`));
    if (low !== '') return `_{${low.normalize('NFKC').replaceAll('−', '-')}}`;
    const sign = this.#take(/[_^]/);
    return sign === '' ? undefined : `${sign}{${this.#operand()}}`;
  }

  /** Operand of an index, an exponent or a root: a run of letters, or a text in brackets, which are drawn unless they are round or curly. */
  #operand(): string {
    const open = this.#text[this.#at];
    if (!(open in closing)) return new Reader(this.#take(/[A-Za-z0-9α-ω]+'?|#?./)).#index();
    const from = this.#at;
    for (let depth = 0; this.#at < this.#text.length; ) {
      const character = this.#text[this.#at++];
      if (character === open) depth += 1;
      if (character === closing[open]) depth -= 1;
      if (depth === 0) break;
    }
    const isDrawn = open !== '(' && open !== '{';
    return new Reader(isDrawn ? this.#text.slice(from, this.#at) : this.#text.slice(from + 1, this.#at - 1)).all();
  }

  /** Letters of an index, side by side. */
  #index(): string {
    return /^[A-Za-z]{2,}/.test(this.#text) ? this.#text.replaceAll(/[A-Za-z]+/g, (run) => `\\mathit{${run}}`) : this.all();
  }
}

function nameTex(name: string): string {
  if (name.length === 1) return name;
  return /^[A-Za-z]\d+$/.test(name) ? `{${name}}` : `\\mathrm{${name}}`;
}

function between(before: Part, after: Part): string {
  if (before.tex === ',') return after.beside === 'word' ? '\\ \\allowbreak' : '';
  if (before.beside === 'sign' || after.beside === 'sign' || after.tex === ';') return '';
  return before.beside === 'word' || after.beside === 'word' ? '\\ \\allowbreak' : '\\,';
}
