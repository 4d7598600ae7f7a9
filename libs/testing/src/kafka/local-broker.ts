import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { aliveBrokers } from './alive-brokers.js';

const run = promisify(execFile);
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xss512k'];

export interface LocalBrokerOptions {
  readonly id: number;
  readonly port: number;
  /** host:port as clients reach it. */
  readonly advertised: string;
  readonly folder: string;
  readonly classPath: string;
  /** More for the JVM, such as the class-data archive. */
  readonly jvm: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** One Kafka broker as a child process. It dies with this process, however hard that one dies. */
export class LocalBroker {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: LocalBrokerOptions) {}

  get port(): number {
    return this.options.port;
  }

  get advertised(): string {
    return this.options.advertised;
  }

  get running(): boolean {
    return this.child !== undefined;
  }

  /** Writes the settings and formats the data folder. */
  async prepare(clusterId: string): Promise<void> {
    const { folder, properties } = this.options;
    await mkdir(folder, { recursive: true });
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(this.file('server.properties'), lines.join(''));
    await writeFile(this.file('log4j2.properties'), LOG4J);
    const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId];
    await run('java', [...this.java('96m'), ...format, '-c', this.file('server.properties')], {
      timeout: 60_000,
    });
  }

  async start(): Promise<void> {
    if (this.child) throw new Error(`Broker ${String(this.options.id)} is already running.`);
    const output = await open(this.file('out.log'), 'a');
    const child = spawn(
      'java',
      [...this.java('384m'), 'kafka.Kafka', this.file('server.properties')],
      { stdio: ['ignore', output.fd, output.fd] },
    );
    await output.close();
    this.child = child;
    const letGo = endWithUs(child, this.options.folder);
    this.ended = new Promise((resolve) => {
      const end = () => {
        if (this.child === child) this.child = undefined;
        letGo();
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
  }

  /** Resolves when this broker sees all of `ids` alive. */
  async sees(ids: readonly number[], withinMs = 180_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const seen = await aliveBrokers('127.0.0.1', this.port).catch((): number[] => []);
      if (ids.every((id) => seen.includes(id))) return;
      if (!this.child || Date.now() > deadline) {
        const why = this.child ? 'is not ready' : 'ended before it was ready';
        throw new Error(`Broker ${String(this.options.id)} ${why}:\n${await this.tail()}`);
      }
      await pause(50);
    }
  }

  async kill9(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** Without grace it is killed: what a test leaves behind goes with its folder, and three brokers would wait for each other. */
  async stop(graceMs = 0): Promise<void> {
    const child = this.child;
    if (!child) return;
    child.kill(graceMs > 0 ? 'SIGTERM' : 'SIGKILL');
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(force);
  }

  async tail(): Promise<string> {
    return (await readFile(this.file('out.log'), 'utf8').catch(() => '')).slice(-3_000);
  }

  private java(heap: string): string[] {
    const log4j = `-Dlog4j2.configurationFile=file:${this.file('log4j2.properties')}`;
    return [...JVM, `-Xmx${heap}`, ...this.options.jvm, log4j, '-cp', this.options.classPath];
  }

  private file(name: string): string {
    return join(this.options.folder, name);
  }
}

/**
 * A shell that waits on a pipe from us: when we die, however hard, the pipe closes and it kills the broker and
 * removes its folder. Returns how to let it go after an orderly end.
 */
function endWithUs(broker: ChildProcess, folder: string): () => void {
  const script =
    'read line; [ "$line" = ended ] || { kill -KILL "$1"; rm -rf "$2"; rmdir "$(dirname "$2")"; }';
  const guard = spawn('sh', ['-c', script, 'sh', String(broker.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  guard.stdin.on('error', () => undefined);
  return () => guard.stdin.end('ended\n');
}

const LOG4J = `status = error
appender.console.type = Console
appender.console.name = STDOUT
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = STDOUT
`;
