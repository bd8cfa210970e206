import { makeBadge } from 'badge-maker';
import type { SiteIndex } from './site-data.js';

/** Folder of the badges in a site. */
export const badgeFolder = 'badges';

/** Badges of all implementations, by path in the site: each as SVG, and as the JSON that shields.io reads. */
export function badgeFilesIn({ implementations }: SiteIndex): Record<string, string> {
  const badges = implementations.flatMap(({ profiles }) => profiles.flatMap(({ badge }) => badge ?? []));
  return Object.fromEntries(
    badges.flatMap(({ file, ...badge }) => [
      [`${badgeFolder}/${file}.json`, `${JSON.stringify({ schemaVersion: 1, ...badge }, null, 2)}\n`],
      [`${badgeFolder}/${file}.svg`, `${makeBadge(badge)}\n`],
    ]),
  );
}
