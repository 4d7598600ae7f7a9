/** A defect that the tests must see. `D<n>.patch` beside this file puts it into a copy of the tree. */
export interface Defect {
  readonly id: string;
  readonly what: string;
  /** Which tests must turn red: project of jest.config.js, path pattern, and a part of their names. */
  readonly caughtBy: {
    readonly project: 'unit' | 'int' | 'kafka';
    readonly path: string;
    readonly name?: string;
  };
}

const postgresLog = 'messaging/src/postgres-log/conformance.int';
const dispatch = 'campaigns/src/dispatch/dispatch.int';
const storm = { project: 'int', path: 'faults/storm/storm.int' } as const;

export const defects: readonly Defect[] = [
  {
    id: 'D1',
    what: 'answer before the commit',
    caughtBy: {
      project: 'int',
      path: 'ingestion/src/purchases/purchases.int',
      name: 'acknowledges nothing',
    },
  },
  {
    id: 'D2',
    what: 'outbox row deleted before the acknowledgement of the log',
    caughtBy: { project: 'int', path: 'outbox/src/relay.int', name: 'deletes rows when' },
  },
  { id: 'D3', what: 'relay reads id > last', caughtBy: storm },
  { id: 'D4', what: 'relay orders by transaction id', caughtBy: storm },
  { id: 'D5', what: 'sequence drawn from a cache', caughtBy: storm },
  {
    id: 'D6',
    what: 'offset stored before the transaction of the effect',
    caughtBy: { project: 'int', path: postgresLog, name: 'M3 ' },
  },
  {
    id: 'D7',
    what: 'inbox written outside the transaction of the effect',
    caughtBy: { project: 'int', path: 'prediction/src/crash-points.int' },
  },
  {
    id: 'D8',
    what: 'inbox shared by two consumers',
    caughtBy: { project: 'int', path: postgresLog, name: 'M20 ' },
  },
  {
    id: 'D9',
    what: "the log's offset trusted after a restore, epoch not raised",
    caughtBy: {
      project: 'int',
      path: `${postgresLog}|outbox/src/epoch.int`,
      name: 'M23 |rises with every start',
    },
  },
  {
    id: 'D10',
    what: 'send key made anew on a retry',
    caughtBy: { project: 'int', path: dispatch, name: 'as the same message' },
  },
  {
    id: 'D11',
    what: "a provider's time-out taken for a failure and repeated",
    caughtBy: { project: 'int', path: 'campaigns/src/channels/email.channel.int' },
  },
  {
    id: 'D12',
    what: 'dead letter dropped when it cannot be written',
    caughtBy: { project: 'int', path: postgresLog, name: 'M16 ' },
  },
  {
    id: 'D13',
    what: 'consent checked before the reservation, not inside',
    caughtBy: {
      project: 'int',
      path: 'campaigns/src/dispatch/stop-against-dispatch.int',
      name: 'that queued for the customer before it',
    },
  },
  {
    id: 'D14',
    what: 'a tick of a schedule without its unique row',
    caughtBy: { project: 'int', path: 'timers/src/timers.int' },
  },
  {
    id: 'D15',
    what: 'SIGTERM abandons a send under way',
    caughtBy: { project: 'int', path: dispatch, name: 'a stop finds under way' },
  },
  {
    id: 'D16',
    what: 'a skip without a record',
    caughtBy: { project: 'int', path: 'campaigns/src/enrolments/one-life.int' },
  },
  {
    id: 'D17',
    what: 'compacted topic written without fencing',
    caughtBy: {
      project: 'kafka',
      path: 'messaging/src/kafka/conformance.kafka',
      name: 'M27 who was taken over',
    },
  },
  {
    id: 'D18',
    what: 'an older state written over a newer one',
    caughtBy: { project: 'int', path: 'prediction/src/purchase-history/on-purchases.int' },
  },
];
