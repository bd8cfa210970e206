import type { MutantResult } from './judge-mutant.js';

/** Mutants that one property kills. */
export interface PropertyPower {
  readonly property: string;
  readonly kills: readonly string[];
  /** Mutants that no other property kills. */
  readonly alone: readonly string[];
}

/** Kills by property, from results of a run with `matrix`. */
export function matrixOf(results: readonly MutantResult[], properties: readonly string[]): PropertyPower[] {
  const faulty = results.filter(({ equivalent }) => equivalent === undefined);
  return properties.map((property) => {
    const killed = faulty.filter(({ killers = [] }) => killers.includes(property));
    return {
      property,
      kills: killed.map(({ id }) => id),
      alone: killed.filter(({ killers = [] }) => killers.length === 1).map(({ id }) => id),
    };
  });
}
