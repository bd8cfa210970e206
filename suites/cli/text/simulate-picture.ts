import { sweepSvg } from '../../../reports/svg/sweep.js';
import { timelineSvg } from '../../../reports/svg/timeline.js';
import { countText, percentText, secondsText } from '../../../spec/lib/units.js';
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
