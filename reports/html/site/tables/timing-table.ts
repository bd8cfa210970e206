/// <reference lib="dom" />
import type { TimingData } from '../../site-data.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import { showNumber } from '../show-number.js';
import { table } from './table.js';

/** Every timing of a setting, with what is likely around it; a wrong answer has no time. */
export function timingTable(caption: string, timings: readonly TimingData[]): HTMLElement {
  const ofRanks = timings.some(({ ranks }) => ranks);
  const ofRatios = timings.some(({ ratio }) => ratio);
  const shown = timings.filter(({ verdict }) => verdict !== 'unsupported' && verdict !== 'unavailable');
  return table(
    caption,
    [
      'Implementation',
      'Mask',
      'Keys',
      'Median, ms',
      '± MAD',
      'p75, ms',
      'p99, ms',
      ...(ofRatios ? ['Ratio', '95 % interval'] : []),
      'GFLOP/s',
      ...(ofRanks ? ['Mean rank, ms', 'Slowest rank, ms'] : []),
      'Calls',
      'Noted',
    ],
    shown.map((timing) => [
      nameOf(timing),
      timing.mask,
      String(timing.length),
      ...(timing.latency ? figures(timing, ofRanks, ofRatios) : none(timing, 7 + (ofRanks ? 2 : 0) + (ofRatios ? 2 : 0))),
    ]),
  );
}

function nameOf({ candidate, implementation }: TimingData): Node | string {
  return implementation === undefined ? candidate : link('environment', { adapter: implementation }, candidate);
}

function figures({ latency, ratio, rate, ranks, warnings }: TimingData, ofRanks: boolean, ofRatios: boolean): (Node | string)[] {
  const { p50, p75, p99, mad, samples } = latency as NonNullable<TimingData['latency']>;
  return [
    showNumber(p50),
    `${Math.round((100 * mad) / p50)} %`,
    showNumber(p75),
    showNumber(p99),
    ...(ofRatios ? [ratio ? `×${showNumber(ratio.p50)}` : '', ratio ? `${showNumber(ratio.low)} – ${showNumber(ratio.high)}` : ''] : []),
    showNumber(rate),
    ...(ofRanks ? [showNumber(ranks?.mean), showNumber(ranks?.slowest)] : []),
    String(samples),
    warnings.length === 0 ? '' : element('td', { class: 'deviates' }, `! ${warnings.map((text) => text.split(':')[0]).join(', ')}`),
  ];
}

function none({ verdict }: TimingData, columns: number): HTMLElement[] {
  if (verdict === 'inconclusive')
    return [element('td', { class: 'deviates', colspan: String(columns) }, '! no time: the machine was too busy')];
  const says = verdict === 'wrong' ? '✗ no time: wrong answer' : '✗ no time: it failed';
  return [element('td', { 'data-verdict': 'fail', colspan: String(columns) }, says)];
}
