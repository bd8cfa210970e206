import { formatTable } from '../../../reports/text/table.js';
import { bytesText, countText, percentText, secondsText } from '../../../spec/lib/units.js';
import type { Cluster } from '../../../spec/types/documents.js';
import type { PassFigures } from '../../simulate/figures.js';
import type { Refusal, Simulation } from '../../simulate/simulate.js';

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
