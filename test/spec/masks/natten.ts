/**
 * First and last key of a query's window along one axis, as the reference of NATTEN computes it: from the leader of the query's group to
 * the centre of the window, which is moved inside.
 * @param query a place, which may lie before or behind the keys.
 */
export function nattenWindow(query: number, length: number, window: number, stride: number): { first: number; last: number } {
  const size = Math.min(window, length);
  let group = query;
  while (group % stride !== 0) group--;
  let leader = group;
  for (let step = 0; step < Math.floor(stride / 2); step++) leader++;
  if (leader > length - 1) leader = length - 1;
  const left = Math.floor(size / 2);
  const right = Math.floor(size / 2) + (size % 2) - 1;
  let centre = leader;
  if (centre < left) centre = left;
  if (centre > length - 1 - right) centre = length - 1 - right;
  return { first: centre - left, last: centre + right };
}
