import { EventEmitter } from 'node:events';

/** Tells a relay of this process that its service committed outbox rows. A hint: polling is the truth. */
export const wakeUps = new EventEmitter();
wakeUps.setMaxListeners(0);
