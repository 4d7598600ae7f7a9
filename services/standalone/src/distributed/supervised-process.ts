import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ProcessOptions {
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For the first start only: what is said of the data is not true of every later start. */
  readonly firstArguments?: readonly string[];
  /** Told of each start: the first one and those after an end. */
  onStart(pid: number | undefined): void;
  /** Told of each end that nobody asked for. */
  onExit(code: number | null, signal: NodeJS.Signals | null): void;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const STEADY_AFTER_MS = 10_000;

/** A service in a process of its own, started again when it dies, at a growing distance when it dies at once. */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private stopped = false;
  private waitMs = FIRST_WAIT_MS;
  private starts = 0;
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly options: ProcessOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get name(): string {
    return this.options.name;
  }

  start(): void {
    const startedAt = performance.now();
    const { script, firstArguments = [] } = this.options;
    const words = this.starts === 0 ? firstArguments : [];
    this.starts += 1;
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...words], {
      env: { ...this.options.env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.child = child;
    this.options.onStart(child.pid);
    child.once('exit', (code, signal) => {
      this.child = undefined;
      if (this.stopped) return;
      this.options.onExit(code, signal);
      if (performance.now() - startedAt > STEADY_AFTER_MS) this.waitMs = FIRST_WAIT_MS;
      this.restart = setTimeout(() => {
        this.start();
      }, this.waitMs);
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    });
  }

  /** SIGTERM, and SIGKILL when the grace is over. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(kill);
  }
}
