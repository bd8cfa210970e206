import { DocumentError } from './lib/document-error.js';
import { nearestNames } from './lib/nearest.js';
import type { Operator, Profile } from './types/documents.js';

/** Operators of a profile: the listed names, then the members of its families. */
export function operatorsOfProfile({ operators = [], families = [] }: Profile, known: Iterable<Operator>): string[] {
  const ofFamilies = [...known].filter(({ family }) => families.includes(family)).map(({ name }) => name);
  return [...new Set([...operators, ...ofFamilies])];
}

/** Refuses an empty profile and unknown families. @throws {DocumentError} at the first fault. */
export function checkProfile(profile: Profile, document: string, operators: Iterable<Operator>): void {
  const { includes, others, families = [] } = profile;
  if (!profile.operators && !profile.families && !includes && !others)
    throw new DocumentError(document, '$.operators', 'the profile names no operators; add operators or families, or include a profile');
  const known = new Set([...operators].map(({ family }) => family));
  for (const [x, family] of families.entries()) {
    if (known.has(family)) continue;
    throw new DocumentError(
      document,
      `$.families[${x}]`,
      `found "${family}", must be the family of an operator; ${nearestNames(family, known)}`,
    );
  }
}
