import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { patchClient } from './client-patches.js';

interface Connection {
  isConnected(): boolean;
  connect(): Promise<true>;
  disconnect(): Promise<true>;
  send(request: object): Promise<string>;
}

const require = createRequire(import.meta.url);
patchClient(require);
const Connection = require('kafkajs/src/network/connection') as new (options: object) => Connection;

const Encoder = require('kafkajs/src/protocol/encoder') as new () => object;

const quiet = { debug: () => undefined, error: () => undefined, warn: () => undefined };
const hello = {
  request: { apiKey: 18, apiName: 'ApiVersions', apiVersion: 0, encode: () => new Encoder() },
  response: {
    decode: (payload: Buffer) => payload.toString(),
    parse: (text: string) => text,
  },
};
/** One that is answered, however late on a loaded machine. */
const patientHello = { ...hello, requestTimeout: 60_000 };

/** As a broker sends it: the length, the number of the request, the text. */
function answer(text: string, correlationId: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(4 + text.length, 0);
  bytes.writeInt32BE(correlationId, 4);
  return Buffer.concat([bytes, Buffer.from(text)]);
}

describe('a connection that is opened again', () => {
  let broker: Server;
  /** The broker's ends, in the order of connecting. */
  let ends: Socket[];
  let connection: Connection;
  beforeEach(async () => {
    ends = [];
    // Half-open: like a broker that has an answer outstanding, it does not close because we do.
    broker = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      ends.push(socket);
    });
    broker.listen(0, '127.0.0.1');
    await once(broker, 'listening');
    connection = new Connection({
      host: '127.0.0.1',
      port: (broker.address() as AddressInfo).port,
      logger: { ...quiet, namespace: () => quiet },
      socketFactory: (require('kafkajs/src/network/socketFactory') as () => unknown)(),
      requestTimeout: 300,
      connectionTimeout: 60_000,
    });
  });
  afterEach(async () => {
    await connection.disconnect();
    for (const socket of ends) socket.destroy();
    broker.close();
  });

  const reopen = async () => {
    await connection.disconnect();
    await connection.connect();
    while (ends.length < 2) await pause(5);
    const [former, current] = ends;
    if (!former || !current) throw new Error('There were not two connections.');
    return { former, current };
  };

  it('does not end because its former socket ends', async () => {
    await connection.connect();
    const { former, current } = await reopen();
    const answered = connection.send(patientHello);
    former.end();
    await pause(50);
    expect(connection.isConnected()).toBe(true);
    current.write(answer('here', 0));
    expect(await answered).toBe('here');
  });

  it('does not read the rest of an answer that broke off', async () => {
    await connection.connect();
    const broken = expect(connection.send(hello)).rejects.toThrow(/timed out/);
    while (!ends[0]) await pause(5);
    ends[0].write(answer('never whole', 0).subarray(0, 10));
    await broken;
    const { current } = await reopen();
    const answered = connection.send(patientHello);
    await pause(20);
    current.write(answer('here', 1));
    expect(await answered).toBe('here');
  });
});
