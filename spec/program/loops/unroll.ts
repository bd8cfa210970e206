import { endsOf, namesGiven, resultOf } from '../../operator/loops.js';
import type { Loop, Statement } from '../../types/documents.js';
import type { Node } from '../graph.js';
import { lowerTerm, type Place } from '../lower.js';
import { primitives } from '../registry.js';
import type { Setting } from '../setting.js';
import { without } from '../tensor.js';
import { LoopFaults } from './faults.js';
import { stackOf } from './stack.js';

/** Most unrolled statements: they take seconds, and some hundred megabytes. */
const MOST = 2 ** 18;

interface LoopInPlace {
  readonly setting: Setting;
  readonly name: string;
  readonly loop: Loop;
  readonly around: ReadonlyMap<string, Node>;
  readonly path: string;
  /** Positions of the surrounding loops. */
  readonly places: readonly Place[];
  lower(setting: Setting, statements: readonly Statement[], tensors: Map<string, Node>, path: string, places: readonly Place[]): void;
}

/** Adds a loop's steps to the graph; returns its results. @throws {DocumentError} */
export function unroll(loop: LoopInPlace): Map<string, Node> {
  return new Unrolling(loop).results();
}

class Unrolling {
  private readonly setting: Setting;
  private readonly loop: Loop;
  private readonly faults: LoopFaults;
  private readonly inside: Map<string, Node>;
  private readonly known: ReadonlySet<string>;
  private readonly axis: string | undefined;

  constructor(private readonly given: LoopInPlace) {
    const { setting, loop, path } = given;
    this.setting = setting;
    this.loop = loop;
    this.faults = new LoopFaults(setting, loop, path);
    this.inside = new Map(given.around);
    this.known = new Set([...Object.keys(loop[2]), ...namesGiven(loop[3], '').map(({ name }) => name)]);
    this.axis = this.faults.axis();
  }

  results(): Map<string, Node> {
    const { graph } = this.setting;
    const [, , , , { collect }] = this.loop;
    const times = this.faults.times(this.given.places);
    const [states, collected] = graph.inLoop(this.times(), () => this.run(this.setting.once ? 1 : times));
    const { axis } = this;
    const value = resultOf(this.loop);
    const ends = endsOf(this.loop).map(([state, end]): [string, Node] => [end, states.get(state) as Node]);
    const whole = collect === undefined || axis === undefined ? (states.get(value) as Node) : this.together(collected, axis);
    return new Map([[this.given.name, whole], ...ends]);
  }

  private times(): Loop[1] {
    return this.axis === undefined ? this.loop[1] : `#${this.axis}`;
  }

  private together(collected: readonly Node[], axis: string): Node {
    const { graph } = this.setting;
    if (graph.sizes[axis] > 0) return stackOf(graph, collected, axis);
    return this.repeated(graph.constant(0), [axis]);
  }

  private run(times: number): [states: Map<string, Node>, collected: Node[]] {
    const [, , , , { collect }] = this.loop;
    let states = this.begun();
    const collected: Node[] = [];
    for (let index = 0; index < times; index++) {
      const before = states;
      states = this.step(states, index);
      for (const [state, node] of states) this.setting.graph.steps.set(node, before.get(state) as Node);
      if (collect !== undefined) collected.push(this.inside.get(collect) as Node);
    }
    return [states, collected];
  }

  /** Initial states, broadcast along axes that a step adds. */
  private begun(): Map<string, Node> {
    const { graph, scope, document } = this.setting;
    const states = new Map<string, Node>();
    for (const [state, term] of Object.entries(this.loop[2])) {
      const at = `${this.given.path}[2].${state}`;
      states.set(
        state,
        this.faults.number(lowerTerm(graph, { ...scope, tensors: this.inside, places: this.given.places }, term, document, at), at),
      );
    }
    for (;;) {
      const after = this.firstStep(states);
      const lacking = [...states].filter(([state, node]) => without(after.get(state) ?? [], node.type.axes).length > 0);
      if (lacking.length === 0) {
        for (const [state, node] of states) this.faults.requireAxes(state, node.type.axes, after.get(state) ?? []);
        return states;
      }
      for (const [state, node] of lacking) states.set(state, this.repeated(node, without(after.get(state) ?? [], node.type.axes)));
    }
  }

  private firstStep(states: ReadonlyMap<string, Node>): Map<string, readonly string[]> {
    let used = false;
    const onUse = () => {
      used = true;
    };
    return this.setting.graph.tried(() => {
      const after = this.step(states, 0, onUse);
      if (this.axis !== undefined && !used) this.faults.unusedAxis(this.axis);
      return new Map([...after].map(([state, node]) => [state, node.type.axes]));
    });
  }

  private step(states: ReadonlyMap<string, Node>, index: number, onUse?: () => void): Map<string, Node> {
    const [, , , statements] = this.loop;
    const { unrolled } = this.setting;
    unrolled.statements += statements.length;
    if (unrolled.statements > MOST) this.faults.at('[1]', `the program unrolls into more than ${MOST} statements; run the loop less often`);
    for (const [state, node] of states) this.inside.set(state, node);
    const places =
      this.axis === undefined ? this.given.places : [...this.given.places, { axis: this.axis, index, ...(onUse && { onUse }) }];
    this.given.lower(this.setting, statements, this.inside, `${this.given.path}[3]`, places);
    return this.faults.after(this.inside, this.known);
  }

  private repeated(x: Node, axes: readonly string[]): Node {
    const expand = primitives.get('expand') as NonNullable<ReturnType<typeof primitives.get>>;
    return this.setting.graph.apply({ primitive: expand, operands: { x }, scalars: {}, axes, attributes: {} });
  }
}
