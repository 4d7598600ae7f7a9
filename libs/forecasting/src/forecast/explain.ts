import { fromEpochDay } from '@regulars/kernel';
import type { CustomerForecast, DayWindow } from './customer-forecast.js';

/** The numbers of a forecast in a sentence that a marketer reads. */
export function explain(forecast: CustomerForecast): string {
  return `${[habitOf(forecast), lastOf(forecast), outlookOf(forecast)].join('; ')}.`;
}

/** "Buys about every 34 days, steadily" */
function habitOf({ repeats, cycleDays, regularity }: CustomerForecast): string {
  if (repeats === 0) return 'Bought once';
  const cycle = `about every ${days(Math.max(1, Math.round(cycleDays)))}`;
  if (repeats === 1) return `Bought twice; customers like this one come ${cycle}`;
  return `Buys ${cycle}, ${steadiness(regularity)}`;
}

/** By the coefficient of variation of the gaps, 1/sqrt(k). */
function steadiness(regularity: number): string {
  if (regularity >= 6) return 'like clockwork';
  if (regularity >= 3) return 'steadily';
  return regularity >= 1.5 ? 'loosely' : 'at random';
}

function lastOf({ asOfDay, lastDay }: CustomerForecast): string {
  return asOfDay === lastDay ? 'last today' : `last ${days(asOfDay - lastDay)} ago`;
}

function outlookOf(forecast: CustomerForecast): string {
  const { reason, asOfDay, lostDay, remindDay } = forecast;
  if (reason === undefined) {
    return `expected ${day(forecast.expectedDay)} (${range(forecast.window)})${chanceOf(forecast)}`;
  }
  switch (reason) {
    case 'lost':
      return `lost since ${day(Math.min(lostDay, asOfDay))}: silent for ${days(asOfDay - forecast.lastDay)}${chanceOf(forecast)}`;
    case 'no-cycle':
      return `no rhythm in the gaps, so no date${reminder(remindDay)}`;
    case 'low-return':
      return `unlikely to come back, so no date${chanceOf(forecast)}`;
    case 'wide-window':
      return `no date: it would be anywhere in ${range(forecast.window)}${reminder(remindDay)}`;
  }
}

/** "; chance to buy within 30 days 91 %", of the longest horizon up to a quarter. */
function chanceOf({ horizons }: CustomerForecast): string {
  const shown = horizons.findLast(({ horizonDays }) => horizonDays <= 100) ?? horizons[0];
  if (!shown) return '';
  const percent = (100 * shown.probability).toFixed(shown.probability < 0.1 ? 1 : 0);
  return `; chance to buy within ${days(shown.horizonDays)} ${percent} %`;
}

function reminder(remindDay: number | undefined): string {
  return remindDay === undefined ? '' : `; remind on ${day(remindDay)}`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "14 March 2026" */
function day(epochDay: number): string {
  const { dayOfMonth, month, year } = partsOf(epochDay);
  return `${dayOfMonth} ${month} ${year}`;
}

/** "9-24 March", "28 March - 4 April"; the year only where it changes. */
function range({ from, to }: DayWindow): string {
  const [a, b] = [partsOf(from), partsOf(to)];
  if (a.year !== b.year) return `${day(from)} - ${day(to)}`;
  if (a.month !== b.month) return `${a.dayOfMonth} ${a.month} - ${b.dayOfMonth} ${b.month}`;
  return from === to ? `${a.dayOfMonth} ${a.month}` : `${a.dayOfMonth}-${b.dayOfMonth} ${b.month}`;
}

function partsOf(epochDay: number): { dayOfMonth: number; month: string; year: string } {
  const [year = '', month = '', dayOfMonth = ''] = fromEpochDay(epochDay).split('-');
  return { year, month: months[Number(month) - 1] ?? '', dayOfMonth: Number(dayOfMonth) };
}
