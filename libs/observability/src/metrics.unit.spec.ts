import { afterEach, describe, expect, it } from '@jest/globals';
import { startManagementServer, type ManagementServer } from './management-server.js';
import { metricsText } from './merge-registries.js';
import { MetricsRegistry } from './metrics-registry.js';

function aRegistry(service: string, count: number): MetricsRegistry {
  const metrics = new MetricsRegistry(service);
  metrics.counter('regulars_sales_total', 'Sales.', ['kind']).inc({ kind: 'cash' }, count);
  metrics.histogram('regulars_wait_seconds', 'Waits.', [1]).observe(0.5);
  return metrics;
}

describe('metrics of several services in one process', () => {
  it('stand under one HELP and TYPE per name, told apart by service', async () => {
    const text = await metricsText([aRegistry('ingestion', 1), aRegistry('campaigns', 2)]);
    const lines = text.split('\n');

    expect(lines.filter((line) => line.startsWith('# TYPE regulars_sales_total'))).toHaveLength(1);
    const first = lines.indexOf('# TYPE regulars_sales_total counter');
    expect(lines.slice(first + 1, first + 3)).toEqual([
      'regulars_sales_total{kind="cash",service="ingestion"} 1',
      'regulars_sales_total{kind="cash",service="campaigns"} 2',
    ]);
    expect(lines.filter((line) => line.startsWith('regulars_wait_seconds_count'))).toHaveLength(2);
  });
});

describe('the management server', () => {
  let server: ManagementServer | undefined;
  afterEach(() => server?.close());

  it('answers GET /metrics and nothing else', async () => {
    server = await startManagementServer({
      port: 0,
      host: '127.0.0.1',
      registry: aRegistry('ingestion', 1),
    });
    const address = `http://127.0.0.1:${String(server.port)}`;
    const scrape = await fetch(`${address}/metrics`);

    expect(scrape.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await scrape.text()).toContain(
      'regulars_sales_total{kind="cash",service="ingestion"} 1',
    );
    expect((await fetch(`${address}/`)).status).toBe(404);
    expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('fails the scrape, not the process, when a collector fails', async () => {
    const metrics = new MetricsRegistry('ingestion');
    Object.assign(metrics.gauge('regulars_rows', 'Rows.'), {
      collect: () => Promise.reject(new Error('database gone')),
    });
    server = await startManagementServer({ port: 0, host: '127.0.0.1', registry: [metrics] });

    const scrape = await fetch(`http://127.0.0.1:${String(server.port)}/metrics`);
    expect(scrape.status).toBe(503);
    expect(await scrape.text()).not.toContain('database');
  });

  it('says why it cannot start', async () => {
    server = await startManagementServer({ port: 0, host: '127.0.0.1', registry: [] });

    await expect(
      startManagementServer({ port: server.port, host: '127.0.0.1', registry: [] }),
    ).rejects.toThrow(/EADDRINUSE/);
  });
});
