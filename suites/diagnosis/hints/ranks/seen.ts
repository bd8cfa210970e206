import type { Problem } from '../../../../spec/problem.js';
import type { ProblemHypothesis } from '../hypothesis.js';
import { seeing } from '../visibility/seeing.js';
import type { Placement } from './placement.js';

type Visible = Problem['mask']['visible'];

const shown = (text: string, problem: Problem, visible: Visible): ProblemHypothesis => ({ text, problem: seeing(problem, { visible }) });

/** Masks that hide or show keys by rank. */
export function* seenByRanks(problem: Problem, { owner, tokens }: Placement): Generator<ProblemHypothesis> {
  const { visible: shows } = problem.mask;
  const ranks = tokens.length;
  const isOwn = (i: number, j: number) => owner[i] === owner[j];
  yield shown('ranks that see the keys of their own tokens alone', problem, (b, h, i, j) => isOwn(i, j) && shows(b, h, i, j));
  yield shown('ranks that see the keys of other ranks alone', problem, (b, h, i, j) => !isOwn(i, j) && shows(b, h, i, j));
  yield shown("a mask that is applied to each rank's own block of keys alone", problem, (b, h, i, j) => !isOwn(i, j) || shows(b, h, i, j));
  yield shown("a mask that is applied to each rank's own block of keys alone; keys of later ranks are hidden", problem, (b, h, i, j) =>
    isOwn(i, j) ? shows(b, h, i, j) : owner[j] < owner[i],
  );
  for (const [step, which] of neighbours(ranks)) {
    const isThere = (i: number, j: number) => owner[j] === (owner[i] + step) % ranks;
    yield shown(`ranks that do not see the keys of ${which}`, problem, (b, h, i, j) => !isThere(i, j) && shows(b, h, i, j));
  }
}

/** Masks read as if keys, or queries too, were at other positions. */
export function* movedBlocks(problem: Problem, { owner, local, tokens }: Placement): Generator<ProblemHypothesis> {
  const { visible: shows } = problem.mask;
  const ranks = tokens.length;
  const asIf = (text: string, key: (i: number, j: number) => number, query = (i: number) => i) =>
    shown(text, problem, (b, h, i, j) => shows(b, h, query(i), key(i, j)));
  yield asIf("the mask of each rank's own block of keys, used for every block", (i, j) => tokens[owner[i]][local[j]]);
  yield asIf('blocks of keys that are taken for the block of the rank at the same distance on the other side', (i, j) => {
    return tokens[(2 * owner[i] - owner[j] + ranks) % ranks][local[j]];
  });
  const place = new Int32Array(owner.length);
  for (const [at, token] of tokens.flat().entries()) place[token] = at;
  const inOrder = (token: number) => place[token];
  yield asIf('a mask whose columns are taken to lie in the order of the shards', (_, j) => inOrder(j));
  yield asIf('a mask whose rows and columns are taken to lie in the order of the shards', (_, j) => inOrder(j), inOrder);
}

/** Steps to the ranks beside one; of two ranks, both lead to the other. */
export function neighbours(ranks: number): readonly (readonly [step: number, which: string])[] {
  return [
    [1, 'the next rank'],
    [ranks - 1, 'the rank before'],
  ];
}
