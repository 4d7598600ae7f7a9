import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * First of so many neighbouring loopback ports that were free a moment ago. Below the range of outgoing connections: one of
 * those would take the port of a server that is not up yet, or is down between its crash and its restart.
 */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = randomInt(12_000, 32_000 - count);
    const probes = await Promise.all(
      Array.from({ length: count }, (_, index) => listening(first + index)),
    );
    await Promise.all(
      probes.map((probe) => new Promise((resolve) => probe?.close(resolve) ?? resolve(0))),
    );
    if (probes.every((probe) => probe !== undefined)) return first;
  }
  throw new Error(`There are no ${String(count)} neighbouring free ports.`);
}

function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(undefined);
    });
    probe.listen(port, '127.0.0.1', () => {
      resolve(probe);
    });
  });
}
