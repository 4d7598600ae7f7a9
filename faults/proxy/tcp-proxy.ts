import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Direction, Trouble } from './trouble.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface ProxyCounts {
  connections: number;
  /** Pieces that were handed on. */
  pieces: number;
  delayed: number;
  held: number;
  stalled: number;
  cut: number;
  reset: number;
}

export interface TcpProxy {
  readonly port: number;
  /** What the line did so far: a fault that touched nothing is no fault. */
  readonly counts: Readonly<ProxyCounts>;
  /** From now on, for open connections too. `{}` mends the line. */
  trouble(trouble: Trouble): void;
  /** Resets every open connection; how many that were. */
  resetAll(): number;
  close(): Promise<void>;
}

/** A line that can be bad: it passes TCP on to `target`, as it is told. */
export async function startTcpProxy(target: Target, random = Math.random): Promise<TcpProxy> {
  const line = new Line(random);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    line.join(client, connect({ ...target, allowHalfOpen: true, noDelay: true }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    counts: line.counts,
    trouble: (trouble) => {
      line.change(trouble);
    },
    resetAll: () => line.resetAll(),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      line.change({});
      line.resetAll();
      await closed;
    },
  };
}

class Line {
  readonly counts: ProxyCounts = {
    connections: 0,
    pieces: 0,
    delayed: 0,
    held: 0,
    stalled: 0,
    cut: 0,
    reset: 0,
  };
  private trouble: Trouble = {};
  private changed = Promise.withResolvers<undefined>();
  private readonly open = new Set<Connection>();

  constructor(private readonly random: () => number) {}

  change(trouble: Trouble): void {
    this.trouble = trouble;
    this.changed.resolve(undefined);
    this.changed = Promise.withResolvers();
  }

  resetAll(): number {
    const { size } = this.open;
    for (const connection of this.open) this.end(connection, 'reset');
    return size;
  }

  join(client: Socket, server: Socket): void {
    const connection: Connection = { client, server, passed: 0 };
    this.counts.connections += 1;
    this.open.add(connection);
    for (const socket of [client, server]) {
      // One side is gone: so is the other. The end says what became of it.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.open.delete(connection);
        const other = socket === client ? server : client;
        // What was sent before an orderly end still arrives.
        if (socket.errored) other.destroy();
      });
    }
    void this.pump(connection, 'to-server');
    void this.pump(connection, 'to-client');
  }

  /** One piece after the other, so that a slow one delays what comes after it and nothing overtakes. */
  private async pump(connection: Connection, direction: Direction): Promise<void> {
    const [from, to] =
      direction === 'to-server'
        ? [connection.client, connection.server]
        : [connection.server, connection.client];
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (const piece of this.slices(chunk)) {
          if (!(await this.pass(connection, direction, piece, to))) return;
        }
      }
      await this.whileHeld(direction);
      to.end();
    } catch {
      to.destroy();
    }
  }

  private *slices(chunk: Buffer): Iterable<Buffer> {
    for (let at = 0; at < chunk.length;) {
      const length = this.trouble.sliceBytes ?? chunk.length;
      yield chunk.subarray(at, at + length);
      at += length;
    }
  }

  private async pass(
    connection: Connection,
    direction: Direction,
    piece: Buffer,
    to: Socket,
  ): Promise<boolean> {
    await this.whileHeld(direction);
    const { delayMs, stall, resetShare = 0, cutAfterBytes = Infinity } = this.trouble;
    if (delayMs !== undefined) {
      this.counts.delayed += 1;
      await pause(delayMs);
    }
    if (stall && this.random() < stall.share) {
      this.counts.stalled += 1;
      await pause(stall.fromMs + this.random() * (stall.toMs - stall.fromMs));
    }
    if (this.random() < resetShare) return this.end(connection, 'reset');
    const room = cutAfterBytes - connection.passed;
    if (room > 0) {
      const part = piece.subarray(0, room);
      connection.passed += part.length;
      this.counts.pieces += 1;
      if (!to.write(part)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
    return connection.passed < cutAfterBytes || this.end(connection, 'cut');
  }

  private async whileHeld(direction: Direction): Promise<void> {
    if (this.trouble.hold?.includes(direction)) this.counts.held += 1;
    while (this.trouble.hold?.includes(direction)) await this.changed.promise;
  }

  private end({ client, server }: Connection, how: 'cut' | 'reset'): false {
    this.counts[how] += 1;
    for (const socket of [client, server]) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroySoon();
    }
    return false;
  }
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  passed: number;
}
