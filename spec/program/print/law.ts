import type { Law, LawCondition } from '../../types/documents.js';

/** Law of a document in one sentence. */
export function printLaw(law: Law): string {
  if (law === 'causal') return 'A query sees no later token.';
  if ('split' in law) return splitLaw(law);
  const sentence = sentenceOf(law);
  const conditions = conditionsOf(law.when ?? {});
  return conditions === '' ? sentence : `Where ${conditions}, ${sentence[0].toLowerCase()}${sentence.slice(1)}`;
}

function sentenceOf(law: Exclude<Law, 'causal' | { split: string }>): string {
  if ('linear' in law) return `The outputs are linear in ${listed(law.linear)}${law.linear.length > 1 ? ' together' : ''}.`;
  if ('permute' in law) {
    const permuting = `Permuting ${listed(law.together)}${law.together.length > 1 ? ' together' : ''} along ${law.permute}`;
    return law.outputs ? `${permuting} permutes ${listed(law.outputs)} in the same way.` : `${permuting} changes nothing.`;
  }
  if ('rowsSumTo' in law) {
    const { values = ['v'], rowsSumTo } = law;
    return `The weights sum to ${rowsSumTo}: with ${listed(values)} 1 everywhere, every row of o that sees a key is ${rowsSumTo}.`;
  }
  const mask = law.mask === undefined ? [] : [`mask ${law.mask}`];
  const options = Object.entries(law.options ?? {}).map(([name, value]) => `${name} = ${value}`);
  const call = [...mask, ...options];
  return `The operator is ${law.equals}${call.length > 0 ? ` with ${listed(call)}` : ''}.`;
}

function splitLaw({ split, state }: Extract<Law, { split: string }>): string {
  const handed = Object.entries(state).map(([input, output]) => `${input} is the first one's ${output}`);
  return `A run over all tokens along ${split} equals a run over the first ones and a run over the rest, whose ${listed(handed)}.`;
}

function conditionsOf(when: LawCondition): string {
  return listed(Object.entries(when).map(([name, value]) => `${name} is ${value}`));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
