import { makeBadge } from 'badge-maker';
import { markdownTable } from 'markdown-table';
import { code } from '../markdown/escape.js';
import type { FolderReporter } from '../reporter.js';
import { mustPassTally } from '../result/must-pass.js';
import { type Badge, badgeOf } from './badge.js';
import { fileNames } from './file-names.js';

/** Writes each badge as SVG and as shields.io JSON, and a page with their Markdown. */
export const badges: FolderReporter = {
  name: 'badges',
  title: 'a folder (badges=DIR): SVG, shields.io endpoints, and their Markdown',
  files(result) {
    const drawn = result.profiles.map((tally) => badgeOf(tally, mustPassTally(result, tally.adapter, tally.name)));
    const names = fileNames(result.profiles.map(({ adapter, name }) => `${adapter}-${name}`));
    const files = drawn.flatMap((badge, i) => [
      [`${names[i]}.json`, `${JSON.stringify({ schemaVersion: 1, ...badge }, null, 2)}\n`],
      [`${names[i]}.svg`, `${makeBadge(badge)}\n`],
    ]);
    return { ...Object.fromEntries(files), 'badges.md': page(drawn, names) };
  },
};

function page(drawn: readonly Badge[], names: readonly string[]): string {
  const rows = drawn.map(({ label, message }, i) => [
    `![badge](${names[i]}.svg)`,
    code(`${label}: ${message}`),
    `\`![attention-cts](${names[i]}.svg)\``,
    `\`![attention-cts](https://img.shields.io/endpoint?url=URL/${encodeURIComponent(names[i])}.json)\``,
  ]);
  const table = markdownTable(
    [
      ['badge', 'in words', 'as a file in this folder', 'from shields.io, where URL is the address at which this folder is served'],
      ...rows,
    ],
    {
      alignDelimiters: false,
    },
  );
  return `# Badges\n\nEach badge shows how many checks of a profile passed: of its frozen must-pass list, if it has one, otherwise of all its checks. Unclaimed checks are\nincluded.\n\n${table}\n`;
}
