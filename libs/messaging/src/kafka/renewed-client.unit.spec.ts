import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogUnavailable } from '../errors.js';
import type { IsGone } from './client.js';
import { RenewedClient } from './renewed-client.js';

class StandIn {
  disconnected = false;

  constructor(
    readonly isGone: IsGone,
    private readonly leave: () => Promise<void>,
  ) {}

  connect(): Promise<void> {
    return Promise.resolve();
  }

  async disconnect(): Promise<void> {
    this.disconnected = true;
    await this.leave();
  }
}

const never = <T>() => new Promise<T>(() => undefined);

describe('a client that is renewed', () => {
  let made: StandIn[];
  let leave: () => Promise<void>;
  let client: RenewedClient<StandIn>;
  beforeEach(() => {
    jest.useFakeTimers();
    made = [];
    leave = () => Promise.resolve();
    client = new RenewedClient((isGone) => {
      const standIn = new StandIn(isGone, () => leave());
      made.push(standIn);
      return standIn;
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const which = () => client.use((used) => Promise.resolve(made.indexOf(used)));

  it('stays while it answers', async () => {
    expect([await which(), await which()]).toEqual([0, 0]);
  });

  it('is another one after a failure, in the words of the log', async () => {
    const failed = client.use(() => Promise.reject(new Error('No such broker.')));

    await expect(failed).rejects.toThrow(LogUnavailable);
    expect(await which()).toBe(1);
    expect(made[0]).toMatchObject({ disconnected: true });
    expect(made[0]?.isGone()).toBe(true);
  });

  it('is another one after a silence, also where it never ends its connection', async () => {
    leave = never;
    const asked = client.use(() => never());
    const told = expect(asked).rejects.toThrow('Kafka did not answer within 40000 ms.');
    await jest.advanceTimersByTimeAsync(60_000);

    await told;
    expect(await which()).toBe(1);
  });

  it('does not end the one that others use by now', async () => {
    const first = client.use(() => Promise.reject(new Error('Gone.')));
    const late = Promise.withResolvers<never>();
    const second = client.use(() => late.promise);
    await expect(first).rejects.toThrow(LogUnavailable);
    expect(await which()).toBe(1);

    late.reject(new Error('Gone, too.'));
    await expect(second).rejects.toThrow(LogUnavailable);
    expect(await which()).toBe(1);
  });

  it('closes in time, and makes no other one afterwards', async () => {
    await which();
    leave = never;
    const closed = client.close();
    await jest.advanceTimersByTimeAsync(1_000);

    await closed;
    expect(made[0]?.isGone()).toBe(true);
    await expect(which()).rejects.toThrow('The log is closed.');
    expect(made).toHaveLength(1);
  });
});
