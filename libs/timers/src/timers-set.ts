import { EventEmitter } from 'node:events';

/** Tells the claimer of this process that its service has set due times, and whether one has come. A hint: looking is the truth. */
export const timersSet = new EventEmitter<Record<string, [due: boolean]>>();
timersSet.setMaxListeners(0);
