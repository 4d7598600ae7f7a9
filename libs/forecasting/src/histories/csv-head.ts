const DELIMITERS = [',', ';', '\t', '|'];

/** A quote that is opened and never closed must not pull the whole file into memory. */
export const MOST_RECORD_CHARACTERS = 256 * 1024;

/** The first line of a text, and the whole text again from its start. */
export async function peekLine(
  text: AsyncIterable<string>,
): Promise<{ head: string; whole: AsyncIterable<string> }> {
  const pieces = text[Symbol.asyncIterator]();
  let buffer = '';
  while (!buffer.includes('\n') && buffer.length < MOST_RECORD_CHARACTERS) {
    const next = await pieces.next();
    if (next.done === true) break;
    buffer += next.value;
  }
  async function* whole(): AsyncGenerator<string> {
    yield buffer;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { head: buffer.split('\n', 1)[0] ?? '', whole: whole() };
}

/** The delimiter that a header uses most; a comma where it uses none. */
export function delimiterOf(head: string): string {
  const bare = head.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
