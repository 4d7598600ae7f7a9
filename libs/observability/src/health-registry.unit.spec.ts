import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health-registry.js';

describe('HealthRegistry', () => {
  it('is ready when every check passes, and names the ones that do not', async () => {
    const health = new HealthRegistry();
    health.register('good', () => undefined);
    health.register('rejects', () => Promise.reject(new Error('no')));
    health.register('throws', () => {
      throw new Error('no');
    });

    expect(await health.check()).toEqual({
      ready: false,
      checks: [
        { name: 'good', ok: true },
        { name: 'rejects', ok: false },
        { name: 'throws', ok: false },
      ],
    });
  });

  it('does not hang with a dependency that hangs', async () => {
    const health = new HealthRegistry({ timeoutMs: 20 });
    health.register('hangs', () => new Promise(() => undefined));

    expect((await health.check()).ready).toBe(false);
  });

  it('tells of a change once, both ways', async () => {
    const told: string[] = [];
    let broken = true;
    const health = new HealthRegistry({
      onChange: (name, error) => told.push(`${name} ${error?.message ?? 'works'}`),
    });
    health.register('log', () => {
      if (broken) throw new Error('away');
    });
    await health.check();
    await health.check();
    broken = false;
    await health.check();
    await health.check();

    expect(told).toEqual(['log away', 'log works']);
  });

  it('is not ready once it is told to stop', async () => {
    const health = new HealthRegistry();
    health.stop();

    expect((await health.check()).ready).toBe(false);
  });

  it('has each name once', () => {
    const health = new HealthRegistry();
    health.register('postgres', () => undefined);

    expect(() => {
      health.register('postgres', () => undefined);
    }).toThrow(RangeError);
  });
});
