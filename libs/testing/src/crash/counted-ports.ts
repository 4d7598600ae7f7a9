import type { EventLog, EventProducer, RowMover } from '@regulars/messaging';
import type { Database, Transaction } from '@regulars/persistence';
import type { CrashPoints } from './crash-points.js';

/** The database as a process has it that may die at any statement, and before or after any commit. */
export function countedDatabase<D extends Database>(database: D, points: CrashPoints): D {
  const counted: Pick<Database, 'withTransaction' | 'query'> = {
    query: (statement) => points.around('statement', () => database.query(statement)),
    withTransaction: async (run) => {
      let commit = -1;
      const result = await database.withTransaction(async (tx) => {
        const query: Transaction['query'] = (statement) =>
          points.around('statement', () => tx.query(statement));
        const send: Transaction['send'] = (statement) => {
          const at = points.before('statement');
          tx.send(statement);
          points.after(at);
        };
        const answer = await run({ ...tx, clock: database.clock, query, send });
        commit = points.before('commit');
        return answer;
      });
      points.after(commit);
      return result;
    },
  };
  return Object.assign(Object.create(database) as D, counted);
}

/** The log as a relay has it that may die before and after any send. */
export function countedLog(log: EventLog, points: CrashPoints): EventLog {
  const counted = (producer: EventProducer): EventProducer => ({
    send: (records) => points.around('publish', () => producer.send(records)),
    close: () => producer.close(),
  });
  const countedMover = (mover: RowMover): RowMover => ({
    databaseUrl: mover.databaseUrl,
    move: (rows, removing) => points.around('publish', () => mover.move(rows, removing)),
  });
  const takeOver: EventLog['takeOver'] = async (name) => {
    const { keep, compact, mover } = await log.takeOver(name);
    return {
      keep: counted(keep),
      compact: counted(compact),
      ...(mover && { mover: countedMover(mover) }),
    };
  };
  return Object.assign(Object.create(log) as EventLog, { takeOver });
}
