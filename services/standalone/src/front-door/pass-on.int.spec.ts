import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { passOnAtMost } from './pass-on.js';

describe('a gateway before a service that does not answer yet', () => {
  let servers: Server[];
  let held: ServerResponse[];
  let url: string;
  let refusals: number;

  beforeEach(async () => {
    servers = [];
    held = [];
    const service = await listen(
      createServer((_request, response) => {
        held.push(response);
      }),
    );
    refusals = 0;
    const passOn = passOnAtMost(2, () => {
      refusals += 1;
    });
    url = await listen(
      createServer((request, response) => {
        passOn(new URL(service), request, response);
      }),
    );
  });
  afterEach(() => {
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }
  const post = () => fetch(url, { method: 'POST', body: 'x'.repeat(1_000) });

  it('refuses the request that would be one too many, until another one is through', async () => {
    const under = [post(), post()];
    await eventually(() => held.length === 2);
    const refused = await post();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'overloaded' });
    expect(held).toHaveLength(2);
    expect(refusals).toBe(1);

    for (const response of held.splice(0)) response.end();
    for (const answer of await Promise.all(under)) expect(answer.status).toBe(200);
    const next = post();
    await eventually(() => held.length === 1);
    held[0]?.end();
    expect((await next).status).toBe(200);
  });
});
