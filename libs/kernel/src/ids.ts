import { v7 } from 'uuid';

/** Ids are UUIDv7: they sort by time of making, which keeps indexes local. */
export type CustomerId = string;
export type PurchaseId = string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A fresh UUIDv7; ids made by one process rise strictly. */
export function newId(): string {
  return v7();
}

/** Whether the text has the shape of our ids (lower-case UUID). */
export function isId(text: string): boolean {
  return UUID.test(text);
}
