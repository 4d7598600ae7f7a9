import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { CliError } from '../cli/cli-error.js';

export interface TextSource {
  /** Decoded text in pieces of any size; a byte order mark is gone. */
  readonly text: AsyncIterable<string>;
  /** Bytes of the file, packed as they lie there. */
  readonly totalBytes: number;
  readBytes(): number;
}

const GZIP_MAGIC = [0x1f, 0x8b];

/** Opens a text file, unpacking gzip by its content, not by its name. */
export async function readText(path: string, encoding = 'utf-8'): Promise<TextSource> {
  const totalBytes = await sizeOf(path);
  const decoder = decoderOf(encoding);
  const packed = await startsWithGzip(path);
  const file = createReadStream(path);
  // The pipeline hands an error of either side to the reader of the other.
  const bytes = packed ? pipeline(file, createGunzip(), () => undefined) : file;
  return {
    text: decoded(bytes, decoder, path, encoding),
    totalBytes,
    readBytes: () => file.bytesRead,
  };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CliError(missing ? `There is no file ${path}.` : `${path} cannot be read.`, {
      cause,
    });
  });
  if (!found.isFile()) throw new CliError(`${path} is no file.`);
  return found.size;
}

async function startsWithGzip(path: string): Promise<boolean> {
  const head: number[] = [];
  for await (const chunk of createReadStream(path, { end: 1 })) head.push(...(chunk as Buffer));
  return GZIP_MAGIC.every((byte, index) => head[index] === byte);
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new CliError(`"${encoding}" is no known encoding; try utf-8, windows-1252 or utf-16le.`, {
      cause,
    });
  }
}

async function* decoded(
  bytes: AsyncIterable<unknown>,
  decoder: TextDecoder,
  path: string,
  encoding: string,
): AsyncGenerator<string> {
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new CliError(
        `${path} is not ${encoding}; name what it is, for example --encoding windows-1252.`,
        { cause },
      );
    }
    if (code.startsWith('Z_'))
      throw new CliError(`${path} is damaged: it does not unpack.`, { cause });
    throw cause;
  }
}
