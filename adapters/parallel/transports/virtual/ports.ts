/**
 * Times, in seconds, at which the ports of each rank for one class of links are free again, to send
 * and to receive.
 */
export interface Ports {
  readonly sending: Float64Array;
  readonly receiving: Float64Array;
}

/** Ports of all ranks, by class of cost. */
export class AllPorts {
  private readonly classes = new Map<string, Ports>();

  constructor(private readonly size: number) {}

  of(name: string): Ports {
    let ports = this.classes.get(name);
    if (!ports) {
      ports = { sending: new Float64Array(this.size), receiving: new Float64Array(this.size) };
      this.classes.set(name, ports);
    }
    return ports;
  }
}
