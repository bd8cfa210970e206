import { type DrawRequest, drawsEverything, type Feature } from './lib/needs.js';

/** Least shares of a check's cases that have each label, and the checks that they hold for. */
interface LeastShares {
  readonly where: (request: DrawRequest) => boolean;
  readonly shares: Readonly<Record<string, number>>;
}

const has =
  (...features: Feature[]) =>
  ({ feature }: DrawRequest) =>
    feature !== undefined && features.includes(feature);
const named =
  (...masks: string[]) =>
  ({ mask }: DrawRequest) =>
    masks.includes(mask);
const anyMask = (request: DrawRequest) => request.mask === 'any';
const ofProduction = ({ speed, needs }: DrawRequest) => speed !== undefined && needs.passes !== undefined;
const plainAnyMask = (request: DrawRequest) => anyMask(request) && !drawsEverything(request) && !has('cross', 'packed')(request);

const table: readonly LeastShares[] = [
  { where: (r) => !has('packed', 'all')(r) && !r.needs.changes, shares: { 'b>1': 0.4 } },
  { where: (r) => has('all')(r) || r.needs.changes === true, shares: { 'b>1': 0.33 } },
  { where: () => true, shares: { tail: 0.6, 'three-tiles-or-more': 0.2, 'h=l': 0.01 } },
  { where: ({ needs }) => !needs.plainScores, shares: { 'default-scale': 0.4, 'given-scale': 0.4 } },
  {
    where: ({ needs }) => !needs.distributions,
    shares: {
      'values:normal': 0.25,
      'values:planted': 0.08,
      'values:sunk': 0.03,
      'values:peaked': 0.04,
      'values:offset': 0.04,
      'values:near-tied': 0.04,
      'values:one-hot': 0.005,
    },
  },
  { where: drawsEverything, shares: { 'g>1': 0.4, 'e<d': 0.2, 'e>d': 0.2, composed: 0.15, long: 0.005, 'n=4096': 0.001 } },
  { where: (r) => drawsEverything(r) && !r.needs.emptyRows && !r.needs.hiddenKeys, shares: { 'm<n': 0.12, 'm>n': 0.1 } },
  { where: has('all'), shares: { long: 0.02, 'n=4096': 0.01, softcap: 0.3, sink: 0.3, alibi: 0.3, bias: 0.3, 'values:poison': 0.01 } },
  { where: has('grouped'), shares: { 'g>1': 1 } },
  { where: has('cross'), shares: { 'm<n': 0.4, 'm>n': 0.3, long: 0.08, 'n=4096': 0.04 } },
  { where: has('wide-v'), shares: { 'e<d': 0.35, 'e>d': 0.35 } },
  { where: has('softcap'), shares: { softcap: 1 } },
  { where: has('sink'), shares: { sink: 1 } },
  { where: has('alibi'), shares: { alibi: 1 } },
  { where: has('bias'), shares: { bias: 1 } },
  { where: has('composed'), shares: { composed: 1, 'empty-row': 0.12, 'hidden-key': 0.15, 'zero-length-document': 0.2 } },
  {
    where: has('packed'),
    shares: {
      packed: 1,
      'zero-length-document': 0.4,
      'packed:keys-without-queries': 0.15,
      'packed:queries-without-keys': 0.15,
      'm<n': 0.3,
      'm>n': 0.3,
      'empty-row': 0.3,
      'wiped-tile': 0.2,
    },
  },
  { where: ({ needs }) => needs.plainScores === true, shares: { 'g>1': 0.4 } },
  { where: (r) => ofProduction(r) && has('cross')(r), shares: { 'n=4096': 0.03 } },
  { where: ofProduction, shares: { 'd>=64': 0.03, 'heads>=17': 0.004, 'n>=300': 0.006, 'm,n>=128': 0.003 } },
  { where: (r) => ofProduction(r) && !has('packed')(r), shares: { 'b>=5': 0.01 } },
  { where: (r) => ofProduction(r) && has('cross', 'grouped', 'all')(r), shares: { 'd>=64': 0.15, 'n>=300': 0.04, 'm,n>=128': 0.03 } },
  { where: (r) => ofProduction(r) && (has('grouped')(r) || drawsEverything(r)), shares: { 'g>=5': 0.03, 'heads>=17': 0.02 } },
  {
    where: plainAnyMask,
    shares: { 'wiped-tile': 0.25, 'empty-row': 0.01, 'hidden-key': 0.05, 'batch-mask': 0.03, 'zero-length-document': 0.12 },
  },
  { where: (r) => anyMask(r) && has('cross')(r), shares: { 'wiped-tile': 0.2, 'empty-row': 0.12, 'hidden-key': 0.2, 'batch-mask': 0.06 } },
  { where: drawsEverything, shares: { 'wiped-tile': 0.2, 'empty-row': 0.08, 'hidden-key': 0.12, 'batch-mask': 0.06 } },
  { where: (r) => r.feature === 'all', shares: { 'zero-length-document': 0.1, packed: 0.1 } },
  { where: named('padding'), shares: { 'batch-mask': 0.35, 'empty-row': 0.15, 'hidden-key': 0.6 } },
  {
    where: named('document', 'document-causal', 'share-question', 'causal-blockwise', 'prefix-document', 'block-causal-document'),
    shares: { 'zero-length-document': 0.3, 'wiped-tile': 0.2 },
  },
  { where: ({ needs }) => needs.emptyRows === true, shares: { 'empty-row': 0.95, 'm>n': 0.5 } },
  { where: ({ needs }) => needs.hiddenKeys === true, shares: { 'hidden-key': 0.95, 'm<n': 0.5 } },
  {
    where: ({ needs }) => needs.changes === true,
    shares: {
      'change:q': 0.25,
      'change:k': 0.25,
      'change:v': 0.25,
      'change:mask': 0.2,
      'change:bias': 0.1,
      'change:alibi': 0.1,
      'change:sink': 0.1,
      'change:scale': 0.1,
      'change:softcap': 0.06,
      'change:packed': 0.05,
      'change:block_table': 0.06,
      'change:cache_lengths': 0.06,
      'change:do': 0.3,
    },
  },
  { where: ({ needs }) => needs.split === true, shares: { 'split:several-parts': 0.65, 'split:empty-part': 0.3 } },
  {
    where: ({ needs }) => needs.views === true,
    shares: { 'views:order': 0.5, 'views:pad': 0.5, 'views:step': 0.4, 'views:shared': 0.2, 'views:offset': 0.5, 'other-layout': 0.3 },
  },
];

const historyShares: readonly LeastShares[] = [
  {
    where: () => true,
    shares: {
      'values:normal': 0.2,
      'values:planted': 0.08,
      'default-scale': 0.4,
      'given-scale': 0.4,
      'g>1': 0.4,
      'e<d': 0.2,
      'e>d': 0.2,
      tail: 0.5,
      'history:several-appends': 0.6,
      'history:decode': 0.4,
      'history:chunk': 0.4,
      'history:several-sequences': 0.45,
    },
  },
  {
    where: ({ needs }) => needs.history === 'pages',
    shares: {
      'history:pages': 1,
      'values:poison': 0.12,
      'history:fork': 0.3,
      'history:shared-prefix': 0.1,
      'history:free': 0.3,
      'history:reused-page': 0.3,
      'history:evict': 0.1,
      'history:permute': 0.3,
      'history:partial-page': 0.4,
      'history:several-lengths': 0.3,
    },
  },
  { where: ({ needs }) => needs.history === 'appends', shares: { 'history:pages': 0.3 } },
];

/** Least share of each label among a check's cases, if everything is claimed. */
export function leastShares(request: DrawRequest): Record<string, number> {
  return Object.assign(
    {},
    ...(request.needs.history ? historyShares : table).filter(({ where }) => where(request)).map(({ shares }) => shares),
  );
}
