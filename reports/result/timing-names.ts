import type { Case, Mask, Timing } from '../../spec/types/documents.js';

type Timed = Pick<Timing, 'case' | 'pass'>;

/** Name of the candidate that is timed: an adapter, or a scheme around it. @param name name of the adapter, by default its id. */
export function candidateOf({ adapter, case: { parallel } }: Pick<Timing, 'adapter' | 'case'>, name = adapter): string {
  return parallel ? `${parallel.scheme} (${name})` : name;
}

/** Setting of a timing: everything about its problem but the mask and the length. Timings of one setting can be drawn together. */
export function settingOf({ pass, case: { dtype, dims, parallel } }: Timed): string {
  const ranks = parallel ? `, ${parallel.ranks} ranks by ${parallel.transport ?? 'the simulated transport'}` : '';
  return `${worldlessSetting({ pass, case: { dtype, dims } })}${ranks}`;
}

/** Setting of a timing without its ranks. */
export function worldlessSetting({
  pass,
  case: { dtype, dims },
}: {
  readonly pass: string;
  readonly case: Pick<Case, 'dtype' | 'dims'>;
}): string {
  const { b, hk, g, d } = dims;
  return `${pass}, ${dtype}, batch ${b}, ${hk * g} query heads, ${hk} key heads of ${d}`;
}

/** Name of a mask; for a composed one, the operation that composes it. */
export function maskName(mask: Mask): string {
  return 'name' in mask ? mask.name : `composed by ${Object.keys(mask)[0]}`;
}

/** Returns the parameters of the mask that flags chose, such as `share=0.25 block=64`; empty if nothing. */
function sweptText({ swept = {} }: Pick<Timing, 'swept'>): string {
  return Object.entries(swept)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Name of the mask of a timing, with what flags chose of it. */
export function timedMask(timing: Pick<Timing, 'case' | 'swept'>): string {
  const swept = sweptText(timing);
  return swept === '' ? maskName(timing.case.mask) : `${maskName(timing.case.mask)} ${swept}`;
}

/** Key of the problem that was timed, equal in two documents if the problem is: pass and case, without the candidate and the values. */
export function problemKey({ pass, case: { values: _, ...rest } }: Timed): string {
  return JSON.stringify([pass, ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
