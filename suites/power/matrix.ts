import type { MutantResult } from './judge-mutant.js';

/** What one property is worth. */
export interface PropertyPower {
  readonly property: string;
  /** Mutants that it kills. */
  readonly kills: readonly string[];
  /** Those of them that no other property kills. */
  readonly alone: readonly string[];
}

/** Which mutants each property kills. Properties that kill none are among them. @param results of a matrix. */
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
