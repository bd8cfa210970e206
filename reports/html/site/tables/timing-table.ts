/// <reference lib="dom" />
import { bytesText } from '../../../../spec/lib/units.js';
import type { TimingData } from '../../site-data.js';
import { element } from '../dom.js';
import { link } from '../links.js';
import { showNumber } from '../show-number.js';
import { table } from './table.js';

/** Table of the timings of a setting, with intervals; wrong answers have no time. */
export function timingTable(caption: string, timings: readonly TimingData[]): HTMLElement {
  const ofRanks = timings.some(({ ranks }) => ranks);
  const ofRatios = timings.some(({ ratio }) => ratio);
  const ofMemory = timings.some(({ peakBytes }) => peakBytes !== undefined);
  const shown = timings.filter(({ verdict }) => verdict !== 'unsupported' && verdict !== 'unavailable' && verdict !== 'skipped');
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
      ...(ofRanks ? ['Mean rank, ms', 'Slowest rank, ms', 'Each rank, ms'] : []),
      ...(ofMemory ? ['Peak memory'] : []),
      'Calls',
      'Noted',
    ],
    shown.map((timing) => [
      nameOf(timing),
      timing.mask,
      String(timing.length),
      ...(timing.latency
        ? figures(timing, { ofRanks, ofRatios, ofMemory })
        : none(timing, 7 + (ofRanks ? 3 : 0) + (ofRatios ? 2 : 0) + (ofMemory ? 1 : 0))),
    ]),
  );
}

function nameOf({ candidate, implementation }: TimingData): Node | string {
  return implementation === undefined ? candidate : link('implementation', { adapter: implementation }, candidate);
}

interface Columns {
  readonly ofRanks: boolean;
  readonly ofRatios: boolean;
  readonly ofMemory: boolean;
}

function figures(
  { latency, ratio, rate, ranks, peakBytes, warnings }: TimingData,
  { ofRanks, ofRatios, ofMemory }: Columns,
): (Node | string)[] {
  const { p50, p75, p99, mad, samples } = latency as NonNullable<TimingData['latency']>;
  return [
    showNumber(p50),
    `${Math.round((100 * mad) / p50)} %`,
    showNumber(p75),
    showNumber(p99),
    ...(ofRatios ? [ratio ? `×${showNumber(ratio.p50)}` : '', ratio ? `${showNumber(ratio.low)} – ${showNumber(ratio.high)}` : ''] : []),
    showNumber(rate),
    ...(ofRanks ? [showNumber(ranks?.mean), showNumber(ranks?.slowest), (ranks?.each ?? []).map((x) => showNumber(x)).join(' ')] : []),
    ...(ofMemory ? [peakBytes === undefined ? '' : bytesText(peakBytes)] : []),
    String(samples),
    warnings.length === 0 ? '' : element('td', { class: 'deviates' }, `! ${warnings.map((text) => text.split(':')[0]).join(', ')}`),
  ];
}

function none({ verdict, spread }: TimingData, columns: number): HTMLElement[] {
  if (spread !== undefined)
    return [element('td', { class: 'deviates', colspan: String(columns) }, `! not published: spread of ${Math.round(100 * spread)} %`)];
  if (verdict === 'inconclusive')
    return [element('td', { class: 'deviates', colspan: String(columns) }, '! no time: the machine was too busy')];
  const says = verdict === 'wrong' ? '✗ no time: wrong answer' : '✗ no time: it failed';
  return [element('td', { 'data-verdict': 'fail', colspan: String(columns) }, says)];
}
