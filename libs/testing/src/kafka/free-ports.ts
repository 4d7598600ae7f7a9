import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

/**
 * Loopback ports that were free a moment ago. Below the range of outgoing connections: one of those would take the port
 * of a server that is not up yet, or is down between its crash and its restart.
 */
export async function freePorts(count: number): Promise<number[]> {
  const probes: Server[] = [];
  for (let attempt = 0; probes.length < count && attempt < 50 * count; attempt += 1) {
    const probe = await listening(randomInt(12_000, 32_000));
    if (probe) probes.push(probe);
  }
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  if (ports.length < count) throw new Error(`There are no ${String(count)} free ports.`);
  return ports;
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
