import { type Entry, enter, type Ledger } from '../ledger.js';
import type { LinkCost, VirtualMachine } from './machine.js';
import type { AllPorts, Ports } from './ports.js';

/** Messages of this phase make groups, which outlive a call: they take no time. */
const SETUP = 'setup';

/** What messages of a world go by, and are counted in. */
export interface Roads {
  readonly ledger: Ledger;
  readonly machine: VirtualMachine;
  readonly ports: AllPorts;
  /** Bytes by phase and class of link. */
  readonly bytesByLink: Map<string, Map<string, number>>;
}

/** From one rank to another in one phase: what its messages take, looked up once for all that follow each other. */
export class Route {
  /** Absent where messages take no time. */
  readonly link: LinkCost | undefined;
  readonly ports: Ports | undefined;
  private readonly entry: Entry;
  private readonly byLink: Map<string, number>;

  constructor(
    readonly from: number,
    readonly to: number,
    readonly phase: string,
    { ledger, machine, ports, bytesByLink }: Roads,
  ) {
    this.entry = ledger.of(phase);
    this.byLink = bytesByLink.get(phase) ?? new Map();
    bytesByLink.set(phase, this.byLink);
    if (from === to || phase === SETUP) return;
    this.link = machine.link(from, to);
    this.ports = ports.of(this.link.name);
  }

  count(bytes: number): void {
    const { entry, from, to, link, byLink } = this;
    enter(entry, from, to, bytes);
    if (link) byLink.set(link.name, (byLink.get(link.name) ?? 0) + bytes);
  }
}
