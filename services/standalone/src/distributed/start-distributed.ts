import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serviceNames, type ServiceName } from '@regulars/contracts';
import { RegularsError } from '@regulars/kernel';
import { openGateway } from '../front-door/gateway.js';
import type { FrontDoor } from '../front-door/front-door.js';
import { openDataFolder } from '../start/data-folder.js';
import { firstKey } from '../start/first-key.js';
import { SupervisedProcess } from './supervised-process.js';

export interface DistributedOptions {
  readonly port: number;
  readonly host: string;
  /** For the file of API keys. */
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A backup of the databases was put back. */
  readonly restored?: boolean;
  /** Ports of the services, in the order of the service table; management ports likewise. */
  readonly firstServicePort: number;
  readonly firstManagementPort: number;
  onStart(service: string, pid: number | undefined): void;
  onExit(service: string, code: number | null, signal: NodeJS.Signals | null): void;
}

export interface Distributed {
  readonly address: string;
  readonly firstKey: string | undefined;
  readonly processes: ReadonlyMap<ServiceName, SupervisedProcess>;
  stop(): Promise<void>;
}

const GRACE_MS = 30_000;

/** The services as processes of this machine over Kafka and an external Postgres, behind a gateway on one port. */
export async function startDistributed(options: DistributedOptions): Promise<Distributed> {
  const { env } = options;
  requireAddress(
    env,
    ['REGULARS_DATABASE_URL', 'DATABASE_URL'],
    'postgres://user:password@host:5432/name',
  );
  requireAddress(env, ['REGULARS_KAFKA_BROKERS', 'KAFKA_BROKERS'], 'host:9092,host:9092');
  const folder = await openDataFolder(options.dataFolder);
  const keysFile = env['REGULARS_API_KEYS_FILE'] ?? join(folder, 'api-keys.json');

  const addresses = {} as Record<ServiceName, URL>;
  const processes = new Map<ServiceName, SupervisedProcess>();
  serviceNames.forEach((name, index) => {
    const port = options.firstServicePort + index;
    addresses[name] = new URL(`http://127.0.0.1:${String(port)}`);
    processes.set(
      name,
      new SupervisedProcess({
        name,
        script: scriptOf(name),
        env: {
          ...env,
          REGULARS_PORT: String(port),
          REGULARS_HOST: '127.0.0.1',
          REGULARS_MANAGEMENT_PORT: String(options.firstManagementPort + index),
          REGULARS_API_KEYS_FILE: keysFile,
        },
        firstArguments: options.restored === true ? ['--restored'] : [],
        onStart: (pid) => {
          options.onStart(name, pid);
        },
        onExit: (code, signal) => {
          options.onExit(name, code, signal);
        },
      }),
    );
  });
  const door: FrontDoor = await openGateway(addresses, options);
  // Made when nothing can fail any more: its text is told once.
  const key = await firstKey(keysFile);
  for (const child of processes.values()) child.start();
  return {
    address: door.address,
    firstKey: key,
    processes,
    stop: async () => {
      await door.close();
      await Promise.all([...processes.values()].map((child) => child.stop(GRACE_MS)));
    },
  };
}

function scriptOf(service: ServiceName): string {
  return fileURLToPath(new URL('../../../' + service + '/dist/main.js', import.meta.url));
}

function requireAddress(
  env: DistributedOptions['env'],
  names: readonly string[],
  example: string,
): void {
  if (names.some((name) => env[name] !== undefined && env[name] !== '')) return;
  const message = `${names[1] ?? ''} is not set. Distributed mode needs it, for example ${example}.`;
  throw new RegularsError('missing-address', message);
}
