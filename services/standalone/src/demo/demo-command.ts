import type { Command } from 'commander';
import { addDays, dayOf, instantAt, SimulatedClock } from '@regulars/kernel';
import { CliError } from '../cli/cli-error.js';
import { runStandalone } from '../cli/run-standalone.js';
import { parsePort, withRunOptions } from '../cli/start-command.js';
import { TimeDriver } from '../simulated-time/time-driver.js';
import { demoApi } from './demo-api.js';
import { freshDemoFolder } from './demo-folder.js';
import { playShop } from './play-shop.js';
import { showDemo } from './show-demo.js';
import { simulateShop } from './simulated-shop.js';

interface DemoOptions {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly customers: string;
  readonly months: string;
  readonly seed: string;
}

export function addDemoCommand(program: Command): void {
  withRunOptions(program.command('demo'), './data/demo')
    .description('plays a year of a simulated shop in minutes, then runs on with that data')
    .option('--customers <n>', 'how many customers', '500')
    .option('--months <n>', 'how many months, ending today', '12')
    .option('--seed <n>', 'the same seed plays the same shop', '1')
    .action(runDemo);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const months = wholeNumber('months', options.months, 1, 60);
  const timeZone = process.env['REGULARS_TIME_ZONE'] ?? 'Europe/Berlin';
  process.env['REGULARS_TIME_ZONE'] = timeZone;
  const today = dayOf(new Date(), timeZone);
  const from = addDays(today, -Math.round(months * 30.44));
  const shop = simulateShop({
    customers: wholeNumber('customers', options.customers, 1, 20_000),
    from,
    to: today,
    seed: wholeNumber('seed', options.seed, 0, 2 ** 31 - 1),
  });
  await freshDemoFolder(options.data);
  const clock = new SimulatedClock(instantAt(from, 0, timeZone));
  const running = await runStandalone({
    dataFolder: options.data,
    port: parsePort(options.port),
    host: options.host,
    clock,
  });
  const key = running.firstKey ?? '';
  const api = demoApi(running.address, key);
  try {
    const startedAt = performance.now();
    await playShop({
      shop,
      from,
      timeZone,
      api,
      clock,
      driver: new TimeDriver(clock, running.services),
      onDay: progress(startedAt),
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stderr.write(
      `\rPlayed ${String(months)} months in ${String(seconds)} s.${' '.repeat(30)}\n`,
    );
    process.stdout.write(await showDemo(api, { address: running.address, key, from, today }));
  } catch (error) {
    // Whoever ends the shop in the middle of its year knows why it ends.
    if (!running.ending.aborted) throw error;
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new CliError(`--${name} ${text}: a whole number from ${String(min)} to ${String(max)}.`);
}

function progress(startedAt: number): (played: number, days: number) => void {
  let shownAt = 0;
  return (played, days) => {
    const now = performance.now();
    if (!process.stderr.isTTY || now - shownAt < 250) return;
    shownAt = now;
    const seconds = Math.round((now - startedAt) / 1000);
    process.stderr.write(`\rDay ${String(played)} of ${String(days)} (${String(seconds)} s)   `);
  };
}
