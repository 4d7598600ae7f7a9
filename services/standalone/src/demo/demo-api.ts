import { RegularsError } from '@regulars/kernel';

export interface DemoApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** The product's own API: the demo does nothing that a shop could not do. */
export function demoApi(address: string, key: string): DemoApi {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(new URL(path, address), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok || answer.status === 207) {
      throw new RegularsError(
        'demo-refused',
        `${method} ${path} was answered with ${String(answer.status)}: ${text.slice(0, 500)}`,
      );
    }
    return JSON.parse(text) as T;
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
  };
}
