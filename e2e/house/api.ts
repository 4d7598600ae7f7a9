export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Page<T> {
  readonly data: readonly T[];
  readonly page: { readonly next: string | null };
}

/** The API as a shop's program uses it. */
export class Api {
  readonly address: string;
  readonly key: string;

  // Fields in so many words: Node, which strips types, runs this too, for the benchmarks.
  constructor(address: string, key: string) {
    this.address = address;
    this.key = key;
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.address + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  async get<T>(path: string): Promise<T> {
    return this.accepted<T>('GET', path);
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.accepted<T>('POST', path, body);
  }

  /** All pages of a list. */
  async all<T>(path: string): Promise<T[]> {
    const rows: T[] = [];
    for (let after = ''; ;) {
      const query = `${path.includes('?') ? '&' : '?'}limit=200${after}`;
      const { data, page } = await this.get<Page<T>>(path + query);
      rows.push(...data);
      if (page.next === null) return rows;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  private async accepted<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    throw new Error(
      `${method} ${path} answered ${String(answer.status)}: ${JSON.stringify(answer.body)}`,
    );
  }
}
