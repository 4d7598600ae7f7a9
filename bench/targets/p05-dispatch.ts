import { createTransport } from 'nodemailer';
import { startMailSink } from '../../e2e/house/mail-sink.ts';
import { batchesOf } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import { openHouseByClock, purchaseNow, until } from '../lib/whole-house.ts';
import type { Target } from '../pairs.ts';

const MESSAGES = 1_000;
const BATCH = 100;
const CONNECTIONS = 8;
const HOUR = 3_600_000;

/** P5: touches that became due all at once, judged, worded, sent and settled, against what the sink takes from a bare client (S). */
export async function dispatch(): Promise<Target> {
  let received = 0;
  const sink = await startMailSink(() => {
    received += 1;
    return 'take';
  });
  // Purchases are posted in the early afternoon; two hours later, by this clock, all their touches are due.
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const house = await openHouseByClock(
    {
      REGULARS_SMTP_URL: sink.url,
      REGULARS_SMTP_FROM: 'Corner Shop <hello@shop.example>',
      REGULARS_CAMPAIGNS_DISPATCH_CONCURRENCY: String(CONNECTIONS),
    },
    { now, ticking: true },
  );
  const jump = (hours: number): void => {
    ahead += hours * HOUR;
    house.clockMoved();
  };
  await house.thankBuyers('email', 16);
  const bare = createTransport({ url: sink.url, pool: true, maxConnections: CONNECTIONS });

  const takes = async (count: number, work: () => Promise<unknown>): Promise<number> => {
    const before = received;
    const startedAt = performance.now();
    await work();
    await until(() => received - before >= count);
    return count / ((performance.now() - startedAt) / 1_000);
  };
  return {
    id: 'P5',
    what: 'e-mails dispatched to an SMTP sink ÷ what it takes from a bare client (S)',
    unit: 'messages/s',
    floor: 0.3,
    stretch: 0.6,
    measurePair: async () => {
      const yardstick = await takes(MESSAGES, () =>
        rate(Array.from({ length: MESSAGES }, letter), CONNECTIONS, async (mail) => {
          await bare.sendMail(mail);
        }),
      );
      const ids = await house.newCustomers(MESSAGES);
      for (const some of batchesOf(ids, BATCH))
        await house.client.post('/v1/purchases/batch', {
          items: some.map((id) => purchaseNow(id, now())),
        });
      await house.quiet();
      const ours = await takes(MESSAGES, () => {
        jump(2);
        return Promise.resolve();
      });
      await house.quiet();
      // What the night brings is no part of the next pair's yardstick.
      jump(22);
      await house.quiet();
      return { ours, yardstick };
    },
    close: async () => {
      bare.close();
      await house.close();
      await sink.close();
    },
  };
}

function letter(_: unknown, n: number): object {
  return {
    from: 'Corner Shop <hello@shop.example>',
    to: `${String(n)}@customers.example`,
    messageId: `<bare-${String(n)}@shop.example>`,
    subject: 'Thank you for your purchase',
    text: 'Thank you for your purchase. We are glad to have you with us. '.repeat(6),
    html: `<p>${'Thank you for your purchase. We are glad to have you with us. '.repeat(6)}</p>`,
  };
}
