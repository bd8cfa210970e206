import { unavailableText } from '../../spec/lib/unavailable.js';
import type { Implementations, Verdict } from '../../spec/types/documents.js';
import { badgeFolder } from './badge-files.js';
import type { SiteData } from './site-data.js';
import { verdictLetters } from './verdict-letters.js';

const verdictOf = new Map(Object.entries(verdictLetters).map(([verdict, letter]) => [letter, verdict as Verdict]));

/** Makes `implementations.json`, the site's findings in a form to embed. */
export function embeddedDocument({ index, parts }: SiteData): Implementations {
  const { title, made, runs, implementations, ids } = index;
  return {
    format: 1,
    title,
    made,
    suite: [...new Set(runs.map(({ suite }) => suite))],
    implementations: implementations.map((one, at) => ({
      key: one.key,
      adapter: one.adapter,
      title: one.title,
      version: one.version,
      device: one.device,
      judged: runs[one.run].started,
      page: `index.html#/implementation?${new URLSearchParams({ adapter: one.key })}`,
      ...(one.unavailable && { unavailable: unavailableText(one.unavailable) }),
      checks: tallyOf(one.verdicts),
      failsAlone: one.alone.map((check) => ids[check]),
      dialect: Object.fromEntries(
        Object.entries(one.dialect).flatMap(([axis, { value, deviates }]) => (deviates ? [[axis, value] as const] : [])),
      ),
      profiles: one.profiles.flatMap(({ name, badge, mustPass }) =>
        badge
          ? [
              {
                name,
                message: badge.message,
                color: badge.color,
                ...(mustPass && { mustPass }),
                badge: `${badgeFolder}/${encodeURIComponent(badge.file)}.svg`,
                endpoint: `${badgeFolder}/${encodeURIComponent(badge.file)}.json`,
              },
            ]
          : [],
      ),
      causes: parts.causes
        .filter(({ implementation }) => implementation === at)
        .map(({ title: cause, verdict, class: kind, checks, expected, why, link, finding }) => ({
          title: cause,
          verdict: verdict as Verdict,
          class: kind,
          checks: checks.map((check) => ids[check]),
          expected,
          ...(why !== undefined && { why }),
          ...(link !== undefined && { link }),
          ...(finding !== undefined && { finding }),
        })),
    })),
  };
}

function tallyOf(verdicts: string): Implementations['implementations'][number]['checks'] {
  const tally = { pass: 0, fail: 0, expected: 0, unsupported: 0, unjudged: 0 };
  for (const letter of verdicts) {
    const verdict = verdictOf.get(letter.toLowerCase());
    if (verdict === 'pass') tally.pass++;
    else if (verdict === 'fail' || verdict === 'crash' || verdict === 'timeout') {
      tally.fail++;
      if (letter !== letter.toLowerCase()) tally.expected++;
    } else if (verdict === 'unsupported') tally.unsupported++;
    else if (verdict !== undefined) tally.unjudged++;
  }
  return tally;
}
