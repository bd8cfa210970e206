/** Times, in seconds, at which each rank's ports for one class of links are free again. */
export interface Ports {
  readonly sending: Float64Array;
  readonly receiving: Float64Array;
}

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
