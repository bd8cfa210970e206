/** When a rank's port of one class of links is free again, to send and to receive, in seconds. */
export interface Ports {
  readonly sending: Float64Array;
  readonly receiving: Float64Array;
}

/** The ports of all ranks, by class of cost. */
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
