import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { eventually } from '@regulars/testing';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The command line of Regulars, as it was built. */
export const regulars = fileURLToPath(
  new URL('../../services/standalone/dist/main.js', import.meta.url),
);

/** Tests start a hundred processes: each a little sooner, where one before it left its code compiled. */
const compileCache = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

const alive = new Set<Child>();
process.once('exit', () => {
  for (const child of alive) child.signal('SIGKILL');
});

/** `regulars ...` as a process of its own, with all that it said. It does not outlive the tests. */
export class Child {
  readonly ended: Promise<Ending>;
  /** Both streams, in the order of arrival. */
  output = '';
  errors = '';

  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
    alive.add(this);
    const said = new Promise<void>((resolve) => child.once('close', resolve));
    this.ended = once(child, 'exit').then(async (ending) => {
      // Its last words may come after its end; a process that it leaves behind may keep its streams open.
      await Promise.race([said, pause(10_000, undefined, { ref: false })]);
      alive.delete(this);
      const [code, signal] = ending as [number | null, NodeJS.Signals | null];
      return { code, signal };
    });
    child.stdout?.on('data', (text: Buffer) => {
      this.output += text.toString();
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.output += text.toString();
      this.errors += text.toString();
    });
  }

  static run(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
    return new Child(
      spawn(process.execPath, ['--enable-source-maps', regulars, ...parameters], {
        env: { ...cleanEnvironment(), NODE_COMPILE_CACHE: compileCache, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return alive.has(this);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has said this; rejects with its last words when it ends before. */
  async said(pattern: RegExp, withinMs = 180_000): Promise<RegExpExecArray> {
    return eventually(
      () => {
        const found = pattern.exec(this.output);
        if (found || this.running) return found ?? false;
        throw new Error(`It ended without saying ${String(pattern)}:\n${this.lastWords}`);
      },
      { withinMs },
    );
  }

  get lastWords(): string {
    return this.output.slice(-4_000);
  }

  /** SIGTERM as a supervisor does; SIGKILL when it has not ended after the grace. */
  async stop(graceMs = 90_000): Promise<Ending> {
    const kill = setTimeout(() => {
      this.signal('SIGKILL');
    }, graceMs);
    this.signal('SIGTERM');
    const ending = await this.ended;
    clearTimeout(kill);
    return ending;
  }
}

/** Ours, without what would change how Regulars runs. */
function cleanEnvironment(): Record<string, string> {
  const ours = /^(REGULARS_|DATABASE_URL|KAFKA_BROKERS|PORT$|NODE_OPTIONS$|JEST_)/;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !ours.test(entry[0]),
    ),
  );
}
