import type { Random, Value } from 'fast-check';
import type { Case } from '../../../spec/types/documents.js';

/** Case with its largest error ÷ bound. */
export interface ScoredCase {
  readonly value: Value<Case>;
  readonly score: number;
}

const SIZE = 24;
/** Most cases of one distribution, to keep variety. */
const MOST_ALIKE = 5;

/** Highest-scoring cases in order, few per distribution; ties keep the earlier. */
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

  /** Case to change, biased to high scores, and a donor; undefined if empty. */
  pair(random: Random): [Value<Case>, Value<Case>] | undefined {
    if (this.cases.length === 0) return undefined;
    const last = this.cases.length - 1;
    // the least of three draws: half of the time in the first fifth
    const high = Math.min(random.nextInt(0, last), random.nextInt(0, last), random.nextInt(0, last));
    return [this.cases[high].value, this.cases[random.nextInt(0, last)].value];
  }
}
