import { type Entry, enter, type Ledger } from '../ledger.js';
import type { LinkCost, VirtualMachine } from './machine.js';
import type { AllPorts, Ports } from './ports.js';

/** Phase of messages that create groups. They take no time, because groups outlive a call. */
const SETUP = 'setup';

/** Resources that all links of a world share. */
export interface Fabric {
  readonly ledger: Ledger;
  readonly machine: VirtualMachine;
  readonly ports: AllPorts;
  readonly bytesByLink: Map<string, Map<string, number>>;
}

/** Link between two ranks in one phase, with the cost of its messages. */
export class Link {
  /** Cost of the messages; undefined if they take no time. */
  readonly cost: LinkCost | undefined;
  readonly ports: Ports | undefined;
  private readonly entry: Entry;
  private readonly byLink: Map<string, number>;

  constructor(
    readonly from: number,
    readonly to: number,
    readonly phase: string,
    { ledger, machine, ports, bytesByLink }: Fabric,
  ) {
    this.entry = ledger.of(phase);
    this.byLink = bytesByLink.get(phase) ?? new Map();
    bytesByLink.set(phase, this.byLink);
    if (from === to || phase === SETUP) return;
    this.cost = machine.link(from, to);
    this.ports = ports.of(this.cost.name);
  }

  count(bytes: number): void {
    const { entry, from, to, cost, byLink } = this;
    enter(entry, from, to, bytes);
    if (cost) byLink.set(cost.name, (byLink.get(cost.name) ?? 0) + bytes);
  }
}
