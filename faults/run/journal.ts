import { closeSync, constants, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fault, Operation } from '../checker/history.ts';

/** The address of every webhook. */
export const companySystem = 'the company';

/** A message as it arrived at a sink. */
export interface Arrival {
  readonly sendKey: string;
  readonly address: string;
  /** Name or id of the customer whom it speaks of. */
  readonly contentOf: string;
  readonly policy: 'at-most-once' | 'at-least-once';
}

type Entry =
  | { readonly invoke: string; readonly customer: string }
  | { readonly operation: Operation; readonly said: string }
  | { readonly fault: Fault }
  | { readonly arrival: Arrival }
  | { readonly finding: unknown };

const folder = join(import.meta.dirname, '../../.cache/faults');

/** What clients, sinks and the injector saw, in a file that a crash of this process does not shorten. */
export class Journal {
  readonly path: string;
  readonly operations: Operation[] = [];
  readonly faults: Fault[] = [];
  readonly arrivals: Arrival[] = [];
  /** Of each attempt, in the order of the ends. */
  readonly answerMs: number[] = [];
  /** Status, or what went wrong, of attempts without a clear answer: how often. */
  readonly unclear = new Map<string, number>();
  /** By the clock of {@link now}. */
  lastUnclearAt = 0;
  private readonly file: number;
  private readonly startedAt = performance.now();

  constructor(name: string, seed: number) {
    this.path = join(folder, `${name}-${String(seed)}.jsonl`);
    mkdirSync(dirname(this.path), { recursive: true });
    const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;
    this.file = openSync(this.path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  }

  invoke(key: string, customer: string): void {
    this.write({ invoke: key, customer });
  }

  end(operation: Operation, said: string, tookMs: number): void {
    this.operations.push(operation);
    this.answerMs.push(tookMs);
    if (operation.end === 'info') {
      this.lastUnclearAt = this.now();
      this.unclear.set(said, (this.unclear.get(said) ?? 0) + 1);
    }
    this.write({ operation, said });
  }

  /** Milliseconds since the run began. */
  now(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  /** Call it when the fault stands. */
  fault(what: string): void {
    const fault = { atMs: this.now(), what };
    this.faults.push(fault);
    this.write({ fault });
  }

  /** Before the sink answers: what it answered for must be in the file. */
  arrived(arrival: Arrival): void {
    this.arrivals.push(arrival);
    this.write({ arrival });
  }

  finding(finding: unknown): void {
    this.write({ finding });
  }

  /** A red run keeps its file. */
  close(keep: boolean): void {
    closeSync(this.file);
    if (!keep) rmSync(this.path, { force: true });
  }

  private write(entry: Entry): void {
    writeSync(this.file, `${JSON.stringify({ atMs: this.now(), ...entry })}\n`);
  }
}
