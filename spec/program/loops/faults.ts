import { DocumentError } from '../../lib/documents.js';
import { nearestNames } from '../../lib/nearest.js';
import { preview } from '../../lib/preview.js';
import { afterOf } from '../../operator/loops.js';
import type { Loop, Term } from '../../types/documents.js';
import type { Node } from '../graph.js';
import { lowerNumber, type Place } from '../lower.js';
import type { Setting } from '../setting.js';
import { without } from '../tensor.js';

const MOST_TIMES = 4096;

/** Checks a loop and reports each fault with its path and remedy. */
export class LoopFaults {
  /** @throws {DocumentError} if states and results do not match. */
  constructor(
    private readonly setting: Setting,
    private readonly loop: Loop,
    private readonly path: string,
  ) {
    this.requireForm();
  }

  at(place: string, problem: string): never {
    throw new DocumentError(this.setting.document, `${this.path}${place}`, problem);
  }

  axis(): string | undefined {
    const [kind, along] = this.loop;
    if (kind === 'repeat') return undefined;
    const axes = Object.keys(this.setting.graph.sizes);
    if (typeof along === 'string' && axes.includes(along)) return along;
    return this.at('[1]', `found ${preview(along)}, which is not an axis; ${nearestNames(typeof along === 'string' ? along : '', axes)}`);
  }

  times(places: readonly Place[]): number {
    const { graph, scope, document } = this.setting;
    const axis = this.axis();
    if (axis !== undefined) return graph.sizes[axis];
    const along = this.loop[1] as Term;
    const times = lowerNumber(graph, { ...scope, tensors: new Map(), places }, along, document, `${this.path}[1]`);
    if (Number.isInteger(times) && times >= 0 && times <= MOST_TIMES) return times;
    const is = typeof along === 'number' ? `found ${along}` : `${preview(along)} is ${times} here`;
    return this.at('[1]', `${is}, must be a whole number of steps from 0 to ${MOST_TIMES}; "floor" rounds to one`);
  }

  number(node: Node, path: string): Node {
    if (node.type.kind === 'number') return node;
    throw new DocumentError(this.setting.document, path, `found a ${node.type.kind}, must be a number`);
  }

  /** Values of the states after a step. @param inside tensors by name. @param known inner names. */
  after(inside: ReadonlyMap<string, Node>, known: ReadonlySet<string>): Map<string, Node> {
    const [, , , , { after, collect }] = this.loop;
    if (collect !== undefined) this.named(collect, inside, known, '[4].collect');
    return new Map(
      afterOf(this.loop).map(([state, name]) => {
        const place = typeof after === 'string' ? '[4].after' : `[4].after.${state}`;
        return [state, this.number(this.named(name, inside, known, place), `${this.path}${place}`)];
      }),
    );
  }

  requireAxes(state: string, begun: readonly string[], after: readonly string[]): void {
    const lost = without(begun, after);
    if (lost.length === 0) return;
    this.at(
      '[4].after',
      `the state "${state}" has the axes ${begun.join(' ')}, and after a step ${after.join(' ') || 'none'}: it must keep ${lost.join(' and ')}; do not contract it, or bring it in with an operand or "expand"`,
    );
  }

  unusedAxis(axis: string): never {
    return this.at(
      '[1]',
      `no tensor inside has the axis "${axis}"; fold along one that a tensor inside has, or use ["repeat", "#${axis}", …]`,
    );
  }

  private named(name: string, inside: ReadonlyMap<string, Node>, known: ReadonlySet<string>, place: string): Node {
    const node = known.has(name) ? inside.get(name) : undefined;
    return node ?? this.at(place, `found "${name}", which names no statement or state inside; ${nearestNames(name, known)}`);
  }

  private requireForm(): void {
    const [kind, , states, , results] = this.loop;
    this.requireStates(Object.keys(states), results);
    if (kind === 'repeat' && results.collect !== undefined)
      this.at('[4].collect', '"repeat" has no axis along which to collect values; use "fold", or name a state in "end"');
  }

  private requireStates(states: readonly string[], { after, end = {} }: Loop[4]): void {
    if (typeof after === 'string' && states.length > 1)
      this.at(
        '[4].after',
        `found "${after}", but there are several states; give each of ${states.join(', ')} its value: {"${states[0]}": "${after}", …}`,
      );
    const known = (part: object, place: string) => {
      for (const state of Object.keys(part))
        if (!states.includes(state)) this.at(`${place}.${state}`, `found "${state}", which names no state; ${nearestNames(state, states)}`);
    };
    known(end, '[4].end');
    if (typeof after === 'string') return;
    known(after, '[4].after');
    const missing = states.find((state) => !Object.hasOwn(after, state));
    if (missing !== undefined) this.at('[4].after', `"${missing}" is missing: give its value after a step`);
  }
}
