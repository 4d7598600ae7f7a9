import { overloaded } from './problems.js';
import type { HttpReply } from './request-context.js';
import type { RouteAccess } from './scope.js';

/** Seconds after which a caller shall ask again: requests end soon, a backlog takes a while. */
const CROWD_RETRY = 1;
const BACKLOG_RETRY = 5;

/** What is refused so that the rest is served: decided before a body is read, so that a refusal costs next to nothing. */
export class LoadLimit {
  private underWay = 0;

  constructor(
    private readonly most: number,
    private readonly behind: () => string | undefined,
  ) {}

  /** Throws 503. Health is always answered. */
  admit(reply: HttpReply, access: RouteAccess): void {
    if (!access.limited) return;
    if (this.underWay >= this.most) {
      throw overloaded('More requests are under way than can be answered in time.', CROWD_RETRY);
    }
    const why = access.yields ? this.behind() : undefined;
    if (why !== undefined) throw overloaded(why, BACKLOG_RETRY);
    this.underWay += 1;
    // Comes once, after an answer and after a caller who went away.
    reply.raw.once('close', () => {
      this.underWay -= 1;
    });
  }
}
