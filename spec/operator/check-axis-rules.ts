import { checkExpression } from '../expression/check.js';
import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import type { Dims, Operator } from '../types/documents.js';
import { drawnAxesOf, mostDrawnAxes, ownAxesThat } from './axes.js';
import { commonAxes, ownAxes } from './facts.js';
import { smallestSizes, unlikeSizes } from './sample-sizes.js';

/** Checks axis names and size rules. @throws {DocumentError} at the first fault. */
export function checkAxisRules(operator: Operator, document: string): void {
  const axes = [...commonAxes, ...ownAxes(operator)];
  const values = [...axes.map((axis) => `#${axis}`), ...Object.keys(operator.options ?? {}).map((name) => `$${name}`)];
  const rules = Object.entries(operator.axes ?? {});
  const requireAxis = (axis: string, path: string) => {
    if (!axes.includes(axis)) throw new DocumentError(document, path, `found "${axis}", which is not an axis; ${nearestNames(axis, axes)}`);
  };
  if (axes.includes('h'))
    throw new DocumentError(
      document,
      '$.inputs',
      'found the axis "h", which already names the query heads (hk · g); give the axis another name',
    );
  const drawn = drawnAxesOf(operator).map(({ name }) => name);
  if (drawn.length > mostDrawnAxes)
    throw new DocumentError(
      document,
      '$.axes',
      `found ${drawn.length} axes with independent sizes, ${drawn.join(', ')}, must be at most ${mostDrawnAxes}; tie some by "same", or compute their sizes by "size"`,
    );
  for (const [i, pair] of (operator.tied ?? []).entries()) for (const [k, axis] of pair.entries()) requireAxis(axis, `$.tied[${i}][${k}]`);
  for (const axis of Object.keys(operator.least ?? {})) requireAxis(axis, `$.least.${axis}`);
  for (const [axis, rule] of rules) {
    if ('draw' in rule && rule.draw[0] > rule.draw[1])
      throw new DocumentError(
        document,
        `$.axes.${axis}.draw`,
        `found ${JSON.stringify(rule.draw)}, must be the smallest size, then the largest`,
      );
    if ('same' in rule) {
      requireAxis(rule.same, `$.axes.${axis}.same`);
      const followed = operator.axes?.[rule.same];
      if (followed && 'size' in followed) {
        const mend = JSON.stringify({ size: followed.size });
        throw new DocumentError(document, `$.axes.${axis}`, `found "${rule.same}", whose size is computed; compute this one too: ${mend}`);
      }
    }
    if ('size' in rule) checkExpression(rule.size, { values, tables: [] }, document, `$.axes.${axis}.size`, 'number');
  }
  for (const sizes of [smallestSizes(operator), ...unlikeSizes(operator)]) requireSizes(operator, sizes, document);
}

/** Requires computed sizes to be whole and not negative. @throws {DocumentError} */
export function requireSizes(operator: Operator, sizes: Dims, document: string): void {
  for (const axis of ownAxesThat(operator, 'size')) {
    if (Number.isInteger(sizes[axis]) && sizes[axis] >= 0) continue;
    const others = Object.entries(sizes).flatMap(([name, size]) => (name === axis ? [] : `${name} ${size}`));
    throw new DocumentError(
      document,
      `$.axes.${axis}.size`,
      `is ${sizes[axis]} for the sizes ${others.join(', ')}; must be a whole number, 0 or more, for all sizes that tests may draw`,
    );
  }
}
