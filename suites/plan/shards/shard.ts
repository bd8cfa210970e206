/** One of `count` parts of a plan; `index` counts from 1. */
export interface PlanShard {
  readonly index: number;
  readonly count: number;
}

/** Formats a shard as in flags and documents: 2/3. */
export function formatShard({ index, count }: PlanShard): string {
  return `${index}/${count}`;
}

/** Parses i/n. Returns undefined if malformed or out of range. */
export function parseShard(text: string): PlanShard | undefined {
  const found = /^(\d{1,3})\/(\d{1,3})$/.exec(text);
  if (!found) return undefined;
  const [index, count] = [Number(found[1]), Number(found[2])];
  return index >= 1 && index <= count ? { index, count } : undefined;
}
