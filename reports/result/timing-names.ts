import type { Bench, Case, Mask, Timing } from '../../spec/types/documents.js';

type Timed = Pick<Timing, 'case' | 'pass'>;
type Setting = Pick<Timing, 'pass'> & { readonly case: Pick<Case, 'dtype' | 'dims'> };

/** Returns the timed adapter, or a scheme around it. @param name name of the adapter. */
export function candidateOf({ adapter, case: { parallel } }: Pick<Timing, 'adapter' | 'case'>, name = adapter): string {
  return parallel ? `${parallel.scheme} (${name})` : name;
}

/** Describes a timing's problem without mask and length. */
export function settingOf({ pass, case: { dtype, dims, parallel } }: Timed): string {
  const ranks = parallel ? `, ${parallel.ranks} ranks by ${parallel.transport ?? 'the simulated transport'}` : '';
  return `${worldlessSetting({ pass, case: { dtype, dims } })}${ranks}`;
}

export function worldlessSetting({ pass, case: { dtype, dims } }: Setting): string {
  const { b, hk, g, d } = dims;
  return `${pass}, ${dtype}, batch ${b}, ${hk * g} query heads, ${hk} key heads of ${d}`;
}

/** Returns the name of a mask; for a composed mask, its operation. */
export function maskName(mask: Mask): string {
  return 'name' in mask ? mask.name : `composed by ${Object.keys(mask)[0]}`;
}

/** Formats the mask's parameters that flags chose, e.g. `share=0.25 block=64`. */
export function sweptText({ swept = {} }: Pick<Timing, 'swept'>): string {
  return Object.entries(swept)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Returns the mask of a timing, with the parameters that flags chose. */
export function timedMask(timing: Pick<Timing, 'case' | 'swept'>): string {
  const swept = sweptText(timing);
  return swept === '' ? maskName(timing.case.mask) : `${maskName(timing.case.mask)} ${swept}`;
}

/** Returns a key of the timed problem, equal between documents: pass and case, without values. */
export function problemKey({ pass, case: { values: _, ...rest } }: Timed): string {
  return JSON.stringify([pass, ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Describes the machine of a bench and its start, such as "2026-01-02, on an Epyc, 16 cores". */
export function machineText({ started, machine }: Pick<Bench, 'started' | 'machine'>): string {
  const { cpu = 'an unnamed CPU', cores, memory } = machine;
  const on = [cpu, ...(cores === undefined ? [] : [`${cores} cores`]), ...(memory === undefined ? [] : [memory])];
  return `${started.slice(0, 10)}, on ${on.join(', ')}`;
}

/** Returns the ids of the adapters on a software device, whose times are marked. */
export function softwareAdapters({ adapters }: Pick<Bench, 'adapters'>): ReadonlySet<string> {
  return new Set(adapters.flatMap(({ id, software }) => (software ? [id] : [])));
}
