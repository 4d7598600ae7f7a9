import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export const KAFKA_VERSION = '4.3.1';
const FETCH_MS = 600_000;
const run = promisify(execFile);

/** Where jars are kept between runs; `REGULARS_CACHE` moves it. */
export function kafkaFolder(): string {
  const cache = process.env['REGULARS_CACHE'] ?? join(homedir(), '.cache', 'regulars');
  return join(cache, `kafka-${KAFKA_VERSION}`);
}

/** The class path of Kafka. Fetches the jars from Maven Central once, however many processes ask at the same time. */
export async function kafkaClassPath(): Promise<string> {
  const libs = join(kafkaFolder(), 'libs');
  if (!(await exists(libs))) await onceUnderLock(libs, fetchJars);
  const jars = (await readdir(libs)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((name) => join(libs, name)).join(delimiter);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Runs `make` in one process only; the others wait until `target` is there. */
export async function onceUnderLock(
  target: string,
  make: (target: string) => Promise<void>,
): Promise<void> {
  await mkdir(kafkaFolder(), { recursive: true });
  const lock = `${target}.lock`;
  const deadline = Date.now() + FETCH_MS;
  while (!(await tryLock(lock))) {
    if (await exists(target)) return;
    if (!(await ownerAlive(lock))) await rm(lock, { force: true });
    if (Date.now() > deadline)
      throw new Error(`Another process holds ${lock}; delete it if it is stale.`);
    await pause(200);
  }
  try {
    if (!(await exists(target))) await make(target);
  } finally {
    await rm(lock, { force: true });
  }
}

async function fetchJars(libs: string): Promise<void> {
  const work = await mkdtemp(join(kafkaFolder(), 'fetch-'));
  try {
    await writeFile(join(work, 'pom.xml'), POM);
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
    const args = ['-B', '-ntp', '-f', join(work, 'pom.xml'), ...goal];
    await run('mvn', [...args, `-DoutputDirectory=${join(work, 'libs')}`], {
      timeout: FETCH_MS,
      maxBuffer: 64 << 20,
    }).catch((error: unknown) => {
      const output = ((error as { stdout?: string }).stdout ?? '').slice(-3_000);
      throw new Error(`Maven could not fetch Kafka ${KAFKA_VERSION}:\n${output}`, { cause: error });
    });
    // A rename is atomic: the folder is there whole or not at all.
    await rename(join(work, 'libs'), libs).catch(async (error: unknown) => {
      if (!(await exists(libs))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function tryLock(lock: string): Promise<boolean> {
  return writeFile(lock, String(process.pid), { flag: 'wx' }).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function ownerAlive(lock: string): Promise<boolean> {
  const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
  // An empty file: its owner is between creating and writing it.
  if (owner === 0) return exists(lock);
  try {
    return process.kill(owner, 0);
  } catch {
    return false;
  }
}

const dependency = (group: string, artifact: string, version: string, exclude: string[] = []) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions>${exclude
    .map(
      (name) =>
        `<exclusion><groupId>org.apache.kafka</groupId><artifactId>${name}</artifactId></exclusion>`,
    )
    .join('')}</exclusions></dependency>`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>regulars</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
    ${dependency('org.apache.kafka', 'kafka-tools', KAFKA_VERSION, ['connect-runtime', 'connect-api', 'connect-json'])}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.4')}
  </dependencies>
</project>
`;
