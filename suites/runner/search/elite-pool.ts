import type { Random, Value } from 'fast-check';
import type { Case } from '../../../spec/types/documents.js';

/** A case and how far it was off: the largest error ÷ bound. */
export interface ScoredCase {
  readonly value: Value<Case>;
  readonly score: number;
}

const SIZE = 24;
/** Cases of one distribution: what one kind of values leads to is soon found, and then others are to have their turn. */
const MOST_ALIKE = 5;

/** The cases with the highest scores, the highest first; few of one distribution. Of equal ones the earlier. */
export class ElitePool {
  private readonly cases: ScoredCase[] = [];

  get best(): ScoredCase | undefined {
    return this.cases[0];
  }

  add(value: Value<Case>, score: number): void {
    const at = this.cases.findIndex((other) => other.score < score);
    this.cases.splice(at < 0 ? this.cases.length : at, 0, { value, score });
    const { distribution } = value.value.values;
    const alike = this.cases.filter((other) => other.value.value.values.distribution === distribution);
    if (alike.length > MOST_ALIKE) this.cases.splice(this.cases.indexOf(alike[MOST_ALIKE]), 1);
    if (this.cases.length > SIZE) this.cases.pop();
  }

  /** A case to be changed, a high one more often, and another that lends it a part; undefined where there is none. */
  pair(random: Random): [Value<Case>, Value<Case>] | undefined {
    if (this.cases.length === 0) return undefined;
    const last = this.cases.length - 1;
    // the lowest of three draws: every other time one of the first fifth
    const high = Math.min(random.nextInt(0, last), random.nextInt(0, last), random.nextInt(0, last));
    return [this.cases[high].value, this.cases[random.nextInt(0, last)].value];
  }
}
