import { sweepSvg } from '../../../reports/svg/sweep.js';
import { timelineSvg } from '../../../reports/svg/timeline.js';
import { formatTable } from '../../../reports/text/table.js';
import { bytesText, countText, percentText, secondsText } from '../../../spec/lib/units.js';
import type { Cluster } from '../../../spec/types/documents.js';
import type { PassFigures } from '../../simulate/figures.js';
import type { Refusal, Simulation } from '../../simulate/simulate.js';

/** Draws a timeline of each rank. @param setting the cluster and the work, in words. */
export function timelinePicture(simulation: Simulation, setting: string): string {
  const { scheme, ranks, tokens, forward, backward, seconds, share, timeline = [] } = simulation;
  const { computeSeconds, idleSeconds, imbalance } = forward;
  const lines = [
    setting,
    `${secondsText(seconds)}, ${percentText(share)} of the ideal; forward ${secondsText(forward.seconds)}${backward ? `, backward ${secondsText(backward.seconds)}` : ''}`,
    `forward, a rank computes for ${secondsText(computeSeconds.mean)} and is idle for ${secondsText(idleSeconds.mean)}, on average; imbalance ${imbalance.toFixed(3)}`,
  ];
  return timelineSvg({
    title: `${scheme} on ${ranks} ranks, ${countText(tokens)} tokens`,
    lines,
    ranks,
    seconds,
    intervals: timeline.map(({ rank, from, to, kind, label }) => ({
      rank,
      from,
      to,
      kind: kind !== 'compute' ? kind : label === 'backward' ? 'backward' : 'forward',
    })),
    marks: backward ? [{ at: forward.seconds, text: 'the last rank ends the forward pass' }] : [],
  });
}

/** Draws the shares of the ideal, and the fastest scheme of each setting. */
export function sweepPicture(simulations: readonly (Simulation | Refusal)[], winners: readonly Simulation[], setting: string): string {
  const of = <T>(pick: (simulation: Simulation | Refusal) => T) => [...new Set(simulations.map(pick))];
  const schemes = of((s) => s.scheme);
  return sweepSvg({
    title: schemes.length === 1 ? schemes[0] : `${schemes.length} schemes`,
    lines: [setting],
    schemes,
    ranks: of((s) => s.ranks),
    tokens: of((s) => s.tokens),
    points: simulations.flatMap((s) => ('refused' in s ? [] : [s])),
    winners,
  });
}

/** Formats one simulation: a row per figure, a column per pass. */
export function simulationText(simulation: Simulation, cluster: Cluster): string {
  const passes = [simulation.forward, ...(simulation.backward ? [simulation.backward] : [])];
  const row = (name: string, of: (pass: PassFigures) => string, both = '') => [
    name,
    ...passes.map(of),
    ...(passes.length > 1 ? [both] : []),
  ];
  const links = [...new Set(passes.flatMap((pass) => Object.keys(pass.bytesByLink)))];
  const rows = [
    row('time', (p) => secondsText(p.seconds), secondsText(simulation.seconds)),
    row('share of the ideal', (p) => percentText(p.share), percentText(simulation.share)),
    row('a rank computes', (p) => secondsText(p.computeSeconds.mean)),
    row('a rank is idle', (p) => secondsText(p.idleSeconds.mean)),
    row('imbalance', (p) => p.imbalance.toFixed(3)),
    row('sent by a rank', (p) => bytesText(p.sentBytes.mean)),
    ...links.map((link) => row(`  over ${link}`, (p) => bytesText((p.bytesByLink[link] ?? 0) / simulation.ranks))),
    row('held by a rank', (p) => bytesText(p.peakBytes), bytesText(simulation.peakBytes)),
  ];
  const head = ['', 'FORWARD', ...(simulation.backward ? ['BACKWARD', 'BOTH'] : [])];
  const text = formatTable(
    head,
    rows,
    head.map((_, x) => (x === 0 ? 'left' : 'right')),
  );
  return simulation.fits ? text : `${text}\n${tooLarge(simulation, cluster)}\n`;
}

const head = ['SCHEME', 'RANKS', 'TOKENS', 'FORWARD', 'BACKWARD', 'SHARE', 'SENT/RANK', 'HELD/RANK', 'IMBALANCE', ''];

/** Formats a row per combination; a refused one shows its reason. */
export function sweepText(simulations: readonly (Simulation | Refusal)[], winners: readonly Simulation[], cluster: Cluster): string {
  const best = new Set(winners);
  const rows = simulations.map((s) => {
    const place = [s.scheme, String(s.ranks), countText(s.tokens)];
    if ('refused' in s) return [...place, '–', '–', '–', '–', '–', '–', s.refused];
    const sent = s.forward.sentBytes.mean + (s.backward?.sentBytes.mean ?? 0);
    return [
      ...place,
      secondsText(s.forward.seconds),
      s.backward ? secondsText(s.backward.seconds) : '–',
      percentText(s.share),
      bytesText(sent),
      bytesText(s.peakBytes),
      s.forward.imbalance.toFixed(3),
      s.fits ? (best.has(s) ? 'fastest' : '') : tooLarge(s, cluster),
    ];
  });
  return formatTable(head, rows, ['left', ...Array.from({ length: head.length - 2 }, () => 'right' as const), 'left']);
}

function tooLarge({ peakBytes }: Simulation, { device }: Cluster): string {
  return `does not fit: ${bytesText(peakBytes)} of ${bytesText(device.memory)}`;
}
