/** Work that lives in memory only (a send in flight, requests waiting for a group commit). Asked before the simulated clock moves. */
export class QuiescenceProbes {
  private readonly probes: (() => boolean | Promise<boolean>)[] = [];

  /** `idle` answers true when this part has nothing in hand. */
  add(idle: () => boolean | Promise<boolean>): void {
    this.probes.push(idle);
  }

  async allIdle(): Promise<boolean> {
    for (const idle of this.probes) if (!(await idle())) return false;
    return true;
  }
}
