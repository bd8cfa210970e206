/** Maps items, at most `limit` at a time. @throws the first error, after all started calls. */
export async function atATime<T, R>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i], i);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, lane));
  const failed = ended.find((o) => o.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}
