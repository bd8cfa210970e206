/** One of `count` parts of a plan: `index` is from 1. */
export interface PlanShard {
  readonly index: number;
  readonly count: number;
}

/** As flags and documents have it: 2/3. */
export function formatShard({ index, count }: PlanShard): string {
  return `${index}/${count}`;
}

/** The parts of i/n; undefined where it is none. */
export function parseShard(text: string): PlanShard | undefined {
  const found = /^(\d{1,3})\/(\d{1,3})$/.exec(text);
  if (!found) return undefined;
  const [index, count] = [Number(found[1]), Number(found[2])];
  return index >= 1 && index <= count ? { index, count } : undefined;
}
