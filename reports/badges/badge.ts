import type { ProfileTally } from '../../spec/types/documents.js';
import { type MustPassTally, mustPassText } from '../result/must-pass.js';
import { totalOf } from '../result/result.js';
import { clip, plainLine } from '../text/plain-text.js';

/** Badge in the terms of shields.io and badge-maker. */
export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

const muchMissing = 0.1;

/** Makes "core@1 · mine", "412 of 412 must-pass checks", or "412/430 · 18 unsupported". */
export function badgeOf(tally: ProfileTally, mustPass?: MustPassTally): Badge {
  const { pass = 0, unsupported = 0, fail = 0, crash = 0, timeout = 0 } = tally;
  const total = totalOf(tally);
  const failed = fail + crash + timeout;
  const unjudged = total - pass - failed - unsupported;
  const parts = [
    mustPass ? mustPassText(mustPass) : `${pass}/${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
    ...(unsupported > 0 ? [`${unsupported} unsupported`] : []),
  ];
  const unavailable = pass + failed === 0 && (tally.unavailable ?? 0) > 0;
  return {
    label: clip(plainLine(`${tally.name} · ${tally.adapter}`), 80),
    message: unavailable ? 'unavailable' : parts.join(' · '),
    color: colorOf({ pass, failed, unjudged }, mustPass ? 1 - mustPass.passed / mustPass.of : unsupported / (pass + unsupported)),
  };
}

function colorOf(
  { pass, failed, unjudged }: { readonly pass: number; readonly failed: number; readonly unjudged: number },
  missing: number,
): string {
  if (pass + failed === 0) return 'lightgrey';
  if (failed > 0) return 'red';
  return unjudged > 0 || missing > muchMissing ? 'yellow' : 'brightgreen';
}
