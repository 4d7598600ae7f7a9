import pg, { type Connection, type Submittable } from 'pg';
import { columnTypes } from './column-types.js';

/** A statement that the connection knows by its name. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What `pg` calls while the answers come; its types name only the first. */
interface Answered extends Submittable {
  submit(connection: Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

/** By itself a statement would end the message, and one that cannot be written would be forgotten by the server alone. */
const joint = { sync: () => undefined, close: () => undefined };

/**
 * Several prepared statements in one message to Postgres, with one `sync` at its end: when one fails, the server passes over
 * the rest. To the client it is one query, so that connections need no mode of their own.
 */
export class StatementTrain implements Submittable {
  readonly arrived: Promise<readonly object[][]>;
  private readonly cars: readonly Answered[];
  private readonly all: object[][] = [];
  private at = 0;
  private broken: Error | undefined;
  private arrive!: (all: readonly object[][]) => void;
  private fail!: (error: Error) => void;

  constructor(statements: readonly PreparedStatement[]) {
    const { promise, resolve, reject } = Promise.withResolvers<readonly object[][]>();
    this.arrived = promise;
    this.arrive = resolve;
    this.fail = reject;
    this.cars = statements.map((statement) => this.carOf(statement));
  }

  submit = (connection: Connection): Error | null => {
    connection.stream.cork();
    const joined = Object.assign(Object.create(connection) as Connection, joint);
    for (const car of this.cars) {
      const refused = car.submit(joined);
      if (refused) this.broken ??= refused;
      // What follows one that could not be written must not run: the last one may be the commit.
      if (this.broken) break;
    }
    connection.sync();
    connection.stream.uncork();
    return null;
  };

  handleRowDescription(message: unknown): void {
    this.car?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.car?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    this.car?.handleCommandComplete(message, connection);
    this.at += 1;
  }

  handleError(error: Error): void {
    this.fail(error);
  }

  handleReadyForQuery(connection: Connection): void {
    // Each hands its rows over, or says what it made of them.
    if (!this.broken) for (const car of this.cars) car.handleReadyForQuery(connection);
    if (this.broken) this.fail(this.broken);
    else this.arrive(this.all);
  }

  private get car(): Answered | undefined {
    return this.cars[this.at];
  }

  private carOf({ name, text, values }: PreparedStatement): Answered {
    const config = { name, text, values: [...values], types: columnTypes as never };
    return new pg.Query(config, undefined, (error, result) => {
      if (error) this.broken ??= error;
      else this.all.push(result.rows as object[]);
    }) as unknown as Answered;
  }
}
