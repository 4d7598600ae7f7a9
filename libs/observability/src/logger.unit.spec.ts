import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from './logger.js';
import { metricsText } from './merge-registries.js';
import { MetricsRegistry } from './metrics-registry.js';
import { nestLogger } from './nest-logger.js';

function aLogger(level: LogLevel = 'info') {
  const lines: string[] = [];
  const metrics = new MetricsRegistry('shop');
  const destination = { write: (line: string) => lines.push(line) };
  return { logger: createLogger({ service: 'shop', level, metrics, destination }), lines, metrics };
}

describe('the log', () => {
  it('keeps an entry on one line of JSON, whatever its text holds', () => {
    const { logger, lines } = aLogger();
    logger.warn({ route: 'a\r\nb' }, 'first\nsecond \u001b[31mred\u2028 "quoted"');

    expect(lines).toHaveLength(1);
    expect(lines[0]?.match(/\n/g)).toHaveLength(1);
    expect(lines[0]).not.toContain('\u001b');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', service: 'shop' });
  });

  it('holds no keys, addresses or passwords: not in texts, fields, errors or their causes', () => {
    const { logger, lines } = aLogger();
    const canaries = [
      'rk_0123456789abcdef_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA',
      'jane.canary@shop.example',
      '+49 170 1234567',
      'hunter2',
    ];
    const [key = '', email = '', phone = ''] = canaries;
    const failed = Object.assign(new Error(`duplicate ${email}`), {
      detail: `Key (email)=(${email}) exists`,
      cause: new Error(`postgres://shop:hunter2@db/regulars for ${phone}`),
    });
    logger.error(
      { err: failed, authorization: `Bearer ${key}`, customer: { phone } },
      `for ${email}`,
    );
    logger.error({ note: `${key} "${email}" ${phone}`, nested: { a: { email: 'hunter2' } } });
    logger.error(failed);

    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 'error' });
    for (const canary of canaries) expect(lines.join('')).not.toContain(canary);
  });

  it('keeps what is no secret', () => {
    const { logger, lines } = aLogger();
    logger.info(
      { at: '2026-03-01T12:00:00+01:00', id: '01890000-0000-7000-8000-000000000000' },
      'a 1+2345678 b',
    );

    expect(lines[0]).toContain('2026-03-01T12:00:00+01:00');
    expect(lines[0]).toContain('01890000-0000-7000-8000-000000000000');
  });

  it('costs linear time on hostile text', () => {
    const { logger, lines } = aLogger();
    const started = performance.now();
    for (const text of ['@', 'a@', '+1', 'a', 'x://', 'rk_a', 'Bearer ', 'a.']) {
      logger.info(text.repeat(100_000));
    }

    expect(lines).toHaveLength(8);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('counts its warnings and errors, from zero', async () => {
    const { logger, metrics } = aLogger();

    expect(await metricsText([metrics])).toContain(
      'regulars_log_lines_total{level="error",service="shop"} 0',
    );
    logger.error('one');
    logger.info('none');
    const text = await metricsText([metrics]);
    expect(text).toContain('regulars_log_lines_total{level="error",service="shop"} 1');
    expect(text).toContain('regulars_log_lines_total{level="warn",service="shop"} 0');
  });

  it("takes Nest's lines, and tells of modules and routes only to those who debug", () => {
    const { logger, lines } = aLogger('debug');
    const nest = nestLogger(logger);
    nest.log('Mapped {/v1/sales, GET} route', 'RouterExplorer');
    nest.error(new TypeError('broken'), 'ExceptionsHandler');

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'debug', context: 'RouterExplorer' });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      level: 'error',
      err: { message: 'broken' },
    });
  });
});
