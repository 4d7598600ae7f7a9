import { encodeBody } from '@regulars/contracts';
import { toPurchaseState, type NewPurchase } from '@regulars/ingestion';
import { newId } from '@regulars/kernel';
import type { Database } from '@regulars/persistence';
import { In, type EntityManager } from 'typeorm';

interface Identity {
  readonly value: string;
  readonly customerId: string;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Records purchases, read as the service reads them, as one would with entities: who the customers are, new ones among them, which purchases are known,
 * then `save()` of purchases and events, in one transaction. Two requests may meet a new customer at once: the later one
 * begins again.
 */
export async function saveAll(database: Database, items: readonly NewPurchase[]): Promise<object> {
  try {
    await database.dataSource.transaction((manager) => saveWithin(manager, items));
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
    return saveAll(database, items);
  }
  return {};
}

async function saveWithin(manager: EntityManager, items: readonly NewPurchase[]): Promise<void> {
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
  const purchases = items.map((item) => ({
    ...item,
    id: newId(),
    customerId: owners.get(externalIdOf(item)) ?? '',
    revision: 1,
    refundedMinor: 0,
    removed: false,
  }));
  await manager.getRepository('PurchaseEntity').save(
    purchases.map(({ customer: _customer, removed: _removed, content, ...purchase }) => ({
      ...purchase,
      totalMinor: String(purchase.totalMinor),
      refundedMinor: '0',
      identityConflicts: [],
      firstContent: content,
      recordedAt: now,
    })),
  );
  await saveEvents(
    manager,
    'regulars.purchase.v1',
    'PurchaseRecorded',
    purchases.map((purchase) => {
      const { customerId: key, purchasedAt: occurredAt } = purchase;
      const data = toPurchaseState(purchase);
      const event = {
        stream: 'purchase',
        type: 'PurchaseRecorded',
        key,
        occurredAt,
        data,
      } as const;
      return { key, value: encodeBody(event, now, 'ingestion', newId()) };
    }),
  );
}

function externalIdOf({ customer }: NewPurchase): string {
  return customer.identities[0]?.value ?? '';
}

/** By their external id; those that nobody has yet become customers. */
async function customersOf(
  manager: EntityManager,
  items: readonly NewPurchase[],
  now: Date,
): Promise<Map<string, string>> {
  const names = new Map(items.map((item) => [externalIdOf(item), item.customer.facts.name]));
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
  await saveEvents(
    manager,
    'regulars.customer.v1',
    'CustomerChanged',
    customers.map((customer) => ({ key: customer.id, value: JSON.stringify(customer) })),
  );
  return owners;
}

async function saveEvents(
  manager: EntityManager,
  topic: string,
  type: string,
  bodies: readonly { readonly key: string; readonly value: string }[],
): Promise<void> {
  await manager.getRepository('OutboxEntity').save(
    bodies.map(({ key, value }) => ({
      id: newId(),
      epoch: '1',
      topic,
      key: Buffer.from(key),
      type,
      version: 1,
      value: Buffer.from(value),
    })),
  );
}
