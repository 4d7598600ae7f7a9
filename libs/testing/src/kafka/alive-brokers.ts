import { connect } from 'node:net';

const METADATA = 3;

/**
 * The ids of the brokers that the broker at this port sees alive, by a metadata request written by hand (version 1,
 * no topics): a test provider that asked through the client under test would inherit its faults.
 */
export function aliveBrokers(host: string, port: number, timeoutMs = 2_000): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`No answer from ${host}:${String(port)}: ${why}`));
    };
    socket.setTimeout(timeoutMs, () => {
      fail('timeout');
    });
    socket.once('error', (error) => {
      fail(error.message);
    });
    socket.once('close', () => {
      reject(new Error(`${host}:${String(port)} closed the connection.`));
    });
    socket.once('connect', () => socket.write(metadataRequest()));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(readBrokerIds(received));
      socket.destroy();
    });
  });
}

function metadataRequest(): Buffer {
  const client = Buffer.from('regulars-tests');
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + client.length + 4);
  let at = request.writeInt32BE(request.length - 4, 0);
  at = request.writeInt16BE(METADATA, at);
  at = request.writeInt16BE(1, at);
  at = request.writeInt32BE(1, at);
  at = request.writeInt16BE(client.length, at);
  at += client.copy(request, at);
  request.writeInt32BE(0, at);
  return request;
}

function readBrokerIds(response: Buffer): number[] {
  let at = 8;
  const count = response.readInt32BE(at);
  at += 4;
  const ids: number[] = [];
  for (let i = 0; i < count; i += 1) {
    ids.push(response.readInt32BE(at));
    at += 4;
    at += 2 + response.readInt16BE(at) + 4; // host, port
    at += 2 + Math.max(0, response.readInt16BE(at)); // rack
  }
  return ids.sort((a, b) => a - b);
}
