import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../cli/cli-error.js';

/** What became of one item, in the order in which items were sent. */
export type Verdict =
  | { readonly status: 'created' | 'updated' | 'unchanged' }
  | { readonly status: 'rejected'; readonly reason: string };

export interface BatchTarget {
  readonly url: string;
  readonly key: string;
  readonly path: string;
  /** For the message when the key lacks it. */
  readonly scope: string;
}

export interface Patience {
  /** Tries before the server has ever answered: it is probably not there at all. */
  readonly firstTries: number;
  readonly tries: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly timeoutMs: number;
}

const defaultPatience: Patience = {
  firstTries: 3,
  tries: 30,
  firstPauseMs: 500,
  longestPauseMs: 15_000,
  timeoutMs: 60_000,
};

const busy = new Set([408, 425, 429, 502, 503, 504]);

interface Reply {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly body: unknown;
}

/** Posts batches and waits out a busy or absent server. Repeating is safe: every item has its business key. */
export class BatchClient {
  private answered = false;
  private readonly endpoint: URL;

  constructor(
    private readonly target: BatchTarget,
    private readonly patience: Patience = defaultPatience,
  ) {
    if (!URL.canParse(target.url) || !/^https?:/.test(target.url)) {
      throw new CliError(`"${target.url}" is no address; write http://127.0.0.1:3000.`);
    }
    this.endpoint = new URL(target.path, target.url);
  }

  async send(items: readonly object[]): Promise<Verdict[]> {
    const reply = await this.untilAnswered(JSON.stringify({ items }));
    if (reply.status === 413 && items.length > 1) return this.sendInHalves(items);
    if (reply.status !== 200 && reply.status !== 207) throw this.refusal(reply);
    const verdicts = verdictsOf(reply.body);
    if (verdicts.length === items.length) return verdicts;
    throw new CliError(`${this.target.url} answers, but not like Regulars. Check the address.`);
  }

  private async sendInHalves(items: readonly object[]): Promise<Verdict[]> {
    const middle = Math.ceil(items.length / 2);
    const first = await this.send(items.slice(0, middle));
    return [...first, ...(await this.send(items.slice(middle)))];
  }

  private async untilAnswered(body: string): Promise<Reply> {
    let pauseMs = this.patience.firstPauseMs;
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.post(body);
      if (!(reply instanceof Error) && !busy.has(reply.status)) {
        this.answered = true;
        return reply;
      }
      const most =
        this.answered || !(reply instanceof Error) ? this.patience.tries : this.patience.firstTries;
      if (attempt >= most) throw this.unreachable(reply);
      const wished = reply instanceof Error ? 0 : reply.retryAfterMs;
      // Half of it at random, so that batches in flight do not come back all at once.
      const own = pauseMs / 2 + (Math.random() * pauseMs) / 2;
      await pause(Math.min(Math.max(own, wished), this.patience.longestPauseMs));
      pauseMs *= 2;
    }
  }

  private async post(body: string): Promise<Reply | Error> {
    try {
      const response = await fetch(this.endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.target.key}`, 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(this.patience.timeoutMs),
      });
      const text = await response.text();
      const seconds = Number(response.headers.get('retry-after'));
      const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : 0;
      return { status: response.status, retryAfterMs, body: parsed(text) };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private unreachable(reply: Reply | Error): CliError {
    const { url } = this.target;
    if (reply instanceof Error) {
      const hint = this.answered
        ? 'It went away. Run the same command again once it is back: nothing is counted twice.'
        : 'Start it with "npm start", or name another address with --url.';
      return new CliError(`No server answers at ${url}. ${hint}`, { cause: reply });
    }
    return new CliError(
      `${url} stays busy (${String(reply.status)}). Run the same command again later: nothing is counted twice.`,
    );
  }

  private refusal({ status, body }: Reply): CliError {
    const { url, scope } = this.target;
    if (status === 401) {
      return new CliError(
        `${url} does not accept the key. Give a good one with --key or REGULARS_API_KEY.`,
      );
    }
    if (status === 403) return new CliError(`The key lacks the scope ${scope}.`);
    if (status === 404)
      return new CliError(`There is no Regulars at ${url} (404). Check the address.`);
    return new CliError(
      `${url} refuses the batch: ${problemText(body) ?? `status ${String(status)}`}`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function verdictsOf(body: unknown): Verdict[] {
  const items = isRecord(body) && Array.isArray(body['items']) ? (body['items'] as unknown[]) : [];
  return items.flatMap((item): Verdict[] => {
    if (!isRecord(item)) return [];
    const { status, problem } = item;
    if (status === 'created' || status === 'updated' || status === 'unchanged') return [{ status }];
    return status === 'rejected' ? [{ status, reason: problemText(problem) ?? 'rejected' }] : [];
  });
}

/** "code: what to do", with the field where there is one. */
function problemText(problem: unknown): string | undefined {
  if (!isRecord(problem)) return undefined;
  const { code, detail, errors } = problem;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const field =
    isRecord(first) && typeof first['pointer'] === 'string' ? `${first['pointer']} ` : '';
  const words = isRecord(first) && typeof first['message'] === 'string' ? first['message'] : detail;
  return [code, typeof words === 'string' ? `${field}${words}` : undefined]
    .filter((part) => typeof part === 'string')
    .join(': ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
