import { makeBadge } from 'badge-maker';
import type { SiteIndex } from './site-data.js';

export const badgeFolder = 'badges';

/** Returns badges by path in the site, as SVG and as shields.io JSON. */
export function badgeFilesIn({ implementations }: SiteIndex): Record<string, string> {
  const badges = implementations.flatMap(({ profiles }) => profiles.flatMap(({ badge }) => badge ?? []));
  return Object.fromEntries(
    badges.flatMap(({ file, ...badge }) => [
      [`${badgeFolder}/${file}.json`, `${JSON.stringify({ schemaVersion: 1, ...badge }, null, 2)}\n`],
      [`${badgeFolder}/${file}.svg`, `${makeBadge(badge)}\n`],
    ]),
  );
}
