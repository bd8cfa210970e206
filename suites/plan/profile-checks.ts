import { nearest } from '../../spec/lib/nearest.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { operatorsOfProfile } from '../../spec/profile.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Profile } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';

/** Looks up profiles by name. @throws {UsageError} naming the nearest known ones. */
export function profilesNamed(library: SpecLibrary, names: readonly string[]): Profile[] {
  return [...new Set(names)].map((name) => {
    const profile = library.profiles.get(name.replace(/@\d+$/, ''));
    const version = /@(\d+)$/.exec(name)?.[1];
    if (!profile) throw new UsageError(`unknown profile "${name}"; known: ${nearest(name, library.profiles.keys(), 8).join(', ')}`);
    if (version !== undefined && Number(version) !== profile.version) {
      throw new UsageError(`profile "${name}" is not in this version; it has ${profile.name}@${profile.version}`);
    }
    return profile;
  });
}

/** Profiles that are judged by default. */
export function usualProfiles(library: SpecLibrary): Profile[] {
  return [...library.profiles.values()].filter(({ byName }) => !byName);
}

/** Lists a profile's pairs "operator/property", with the pairs of included profiles. */
export function pairsOf(library: SpecLibrary, profile: Profile): Set<string> {
  const pairs = new Set<string>();
  const seen = new Set<string>();
  const add = (p: Profile) => {
    if (seen.has(p.name)) return;
    seen.add(p.name);
    for (const included of profilesNamed(library, p.includes ?? [])) add(included);
    for (const operator of [...operatorsOfProfile(p, library.operators.values()), ...(p.others ? unnamedOperators(library) : [])])
      for (const property of p.properties) pairs.add(`${operator}/${property}`);
  };
  add(profile);
  return pairs;
}

/** Operators that no profile names: the user's, even in a built-in family. */
function unnamedOperators({ operators, profiles }: SpecLibrary): string[] {
  const named = new Set([...profiles.values()].flatMap((profile) => operatorsOfProfile(profile, operatorDocuments)));
  return [...operators.keys()].filter((name) => !named.has(name));
}
