import { drawnMasks } from '../mask/drawn.js';
import { type CarriedState, carriedState } from '../operator/carried-state.js';
import { hasLse } from '../operator/facts.js';
import { insideOf, operatorsOf } from '../scheme/operators.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Scheme } from '../types/documents.js';
import { type FullCapabilities, neverDense } from './capabilities.js';

const options = ['scale', 'softcap', 'sink', 'decay'];

/** Claims of a kernel inside a scheme, or the reason why it cannot run there. */
export function claimsInside(library: SpecLibrary, capabilities: FullCapabilities, scheme: Scheme): FullCapabilities | string {
  const onlyPages = neverDense(capabilities);
  if (onlyPages !== undefined) return onlyPages;
  const inside = insideOf(scheme, capabilities.operators);
  const missing = inside.find((name) => !capabilities.operators.includes(name));
  if (missing !== undefined) return `${missing} is not claimed`;
  if (inside.every((name) => stateIn(library, name))) return claimsWithState(library, capabilities, scheme, inside);
  // operators with an LSE are merged by it
  const merges = inside.some((name) => hasLse(library.operators.get(name)));
  if (merges && !capabilities.outputs.includes('lse')) return 'the LSE is not claimed';
  if (capabilities.dialect.heads !== 'grouped') return 'shards of heads need key heads that are shared by neighbours';
  if (!capabilities.layouts.includes('bhld')) return 'shards have the layout bhld, which is not claimed';
  const fixed = Object.keys(capabilities.fixed ?? {});
  if (fixed.length > 0) return `it computes ${fixed.join(' and ')} itself, but a shard may need other values`;
  const { limits } = capabilities;
  // a block is no larger than the whole
  if (![limits.m, limits.n].every(isMostAlone)) return 'its limits on m and n do not allow blocks of every size';
  if (merges && capabilities.denseMask === false) return 'the masks of blocks are dense tensors, and no dense mask is claimed';
  const backward =
    (capabilities.blockBackward || !merges) && capabilities.commands.includes('backward') && scheme.directions.includes('backward');
  const gradients = backward
    ? capabilities.gradients.filter((name) => name === 'q' || name === 'k' || name === 'v' || name === 'sink')
    : [];
  const { pages: _, schemes: __, ...rest } = capabilities;
  return {
    ...rest,
    operators: [...operatorsOf(scheme)],
    masks: scheme.masks === 'any' ? drawnMasks(library, []) : scheme.masks,
    denseMask: scheme.masks === 'any' ? 'boolean' : false,
    denseMaskShapes: ['b h m n'],
    options: [...capabilities.options.filter((name) => options.includes(name)), ...ownOptions(library, scheme)],
    outputs: ['o', 'lse'],
    gradients,
    commands: gradients.length > 0 ? ['forward', 'backward'] : ['forward'],
    layouts: ['bhld'],
    strided: false,
    limits,
    dialect: { ...capabilities.dialect, emptyOutput: 'zero', emptyLse: '-inf', lseBase: 'e', lseSink: 'included', booleanMask: 'keep' },
  };
}

function stateIn(library: SpecLibrary, name: string): CarriedState | undefined {
  const operator = library.operators.get(name);
  return operator && carriedState(operator);
}

/** Claims of a kernel that passes states between ranks, in f32 if its dtype is narrower. */
function claimsWithState(
  library: SpecLibrary,
  capabilities: FullCapabilities,
  scheme: Scheme,
  inside: readonly string[],
): FullCapabilities | string {
  const { options, outputs, gradients, layouts, limits, fixed = {}, mixedStorage, dtypes } = capabilities;
  const states = inside.map((name) => stateIn(library, name) as CarriedState);
  if (!layouts.includes('bhld')) return 'shards have the layout bhld, which is not claimed';
  const unclaimed = states.find(({ input, output }) => !options.includes(input) || !outputs.includes(output));
  if (unclaimed) return `the state goes from rank to rank, but ${unclaimed.input} and ${unclaimed.output} are not both claimed`;
  const ofToken = Object.keys(fixed);
  if (ofToken.length > 0) return `it computes ${ofToken.join(' and ')} itself, but a shard may need other values`;
  if (!mixedStorage && dtypes.some((dtype) => dtype !== 'f32' && dtype !== 'f64'))
    return 'it takes states only in the type of the queries, which would round the states from rank to rank';
  const { m, n } = limits;
  if (![m, n].every(isMostAlone)) return 'its limits on m and n do not allow chunks of every size';
  const backward =
    capabilities.commands.includes('backward') &&
    scheme.directions.includes('backward') &&
    states.every(({ input }) => gradients.includes(input));
  const { pages: _, schemes: __, ...rest } = capabilities;
  return {
    ...rest,
    operators: [...inside] as [string, ...string[]],
    masks: scheme.masks === 'any' ? ['full'] : scheme.masks,
    denseMask: false,
    gradients: backward ? gradients.filter((name) => name !== 'dlse') : [],
    requiredGradients: backward && capabilities.requiredGradients,
    commands: backward ? ['forward', 'backward'] : ['forward'],
    layouts: ['bhld'],
    strided: false,
  };
}

function isMostAlone(limit: FullCapabilities['limits'][string] | undefined): boolean {
  return limit === undefined || (typeof limit === 'object' && Object.keys(limit).join() === 'max');
}

/** Options that the scheme applies itself: the `given` names that are operator options. */
function ownOptions(library: SpecLibrary, scheme: Scheme): string[] {
  if (!scheme.inside) return [];
  const known = operatorsOf(scheme).flatMap((name) => Object.keys(library.operators.get(name)?.options ?? {}));
  return (scheme.given ?? []).filter((name) => known.includes(name));
}
