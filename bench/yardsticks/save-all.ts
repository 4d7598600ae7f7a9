import { newId } from '@regulars/kernel';
import type { Database } from '@regulars/persistence';
import { In, type EntityManager } from 'typeorm';

/** What the yardstick reads of a purchase as it was posted. */
export interface SentPurchase {
  readonly source: string;
  readonly orderId: string;
  readonly customer: { readonly externalId: string; readonly name: string };
  readonly total: { readonly amountMinor: number; readonly currency: string };
  readonly lines: readonly object[];
}

interface Identity {
  readonly value: string;
  readonly customerId: string;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Records purchases as one would with entities: who the customers are, new ones among them, which purchases are known,
 * then `save()` of purchases and events, in one transaction. Two requests may meet a new customer at once: the later one
 * begins again.
 */
export async function saveAll(database: Database, items: readonly SentPurchase[]): Promise<object> {
  try {
    await database.dataSource.transaction((manager) => saveWithin(manager, items));
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    return saveAll(database, items);
  }
  return {};
}

async function saveWithin(manager: EntityManager, items: readonly SentPurchase[]): Promise<void> {
  const now = new Date();
  const owners = await customersOf(manager, items, now);
  await manager.getRepository('CustomerEntity').find({
    where: { id: In([...new Set(owners.values())]) },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const known = await manager
    .getRepository('PurchaseEntity')
    .find({ where: items.map(({ source, orderId }) => ({ source, orderId })) });
  if (known.length > 0) throw new Error('The bench posts no purchase twice.');
  const rows = items.map((item) => ({
    id: newId(),
    customerId: owners.get(item.customer.externalId),
    source: item.source,
    orderId: item.orderId,
    revision: 1,
    purchaseDay: '2026-01-15',
    purchasedAt: now,
    timeZone: 'Europe/Berlin',
    currency: item.total.currency,
    totalMinor: String(item.total.amountMinor),
    refundedMinor: '0',
    lines: item.lines,
    imported: false,
    identityConflicts: [],
    firstContent: Buffer.alloc(32, 1),
    recordedAt: now,
  }));
  await manager.getRepository('PurchaseEntity').save(rows);
  await saveEvents(manager, 'regulars.purchase.v1', 'PurchaseRecorded', rows);
}

/** By their external id; those that nobody has yet become customers. */
async function customersOf(
  manager: EntityManager,
  items: readonly SentPurchase[],
  now: Date,
): Promise<Map<string, string>> {
  const names = new Map(items.map(({ customer }) => [customer.externalId, customer.name]));
  const found = (await manager
    .getRepository('IdentityEntity')
    .find({ where: { kind: 'external', value: In([...names.keys()]) } })) as Identity[];
  const owners = new Map(found.map(({ value, customerId }) => [value, customerId]));
  const fresh = [...names].filter(([value]) => !owners.has(value));
  if (fresh.length === 0) return owners;
  const customers = fresh.map(([, name]) => ({
    id: newId(),
    kind: 'person',
    name,
    messengers: [],
    socialProfiles: [],
    importantDates: [],
    attributes: {},
    imported: false,
    registeredAt: now,
  }));
  await manager.getRepository('CustomerEntity').save(customers);
  const identities = fresh.map(([value], index) => {
    const customerId = customers[index]?.id ?? '';
    owners.set(value, customerId);
    return { kind: 'external', value, customerId, addedAt: now };
  });
  await manager.getRepository('IdentityEntity').save(identities);
  const profiles = customers.map((customer) => ({ ...customer, customerId: customer.id }));
  await saveEvents(manager, 'regulars.customer.v1', 'CustomerChanged', profiles);
  return owners;
}

async function saveEvents(
  manager: EntityManager,
  topic: string,
  type: string,
  bodies: readonly { readonly customerId: string | undefined }[],
): Promise<void> {
  await manager.getRepository('OutboxEntity').save(
    bodies.map((body) => ({
      id: newId(),
      epoch: '1',
      topic,
      key: Buffer.from(body.customerId ?? ''),
      type,
      version: 1,
      value: Buffer.from(JSON.stringify(body)),
    })),
  );
}
