import { serviceNames, type ServiceName } from '@regulars/contracts';
import { openGateway } from './gateway.js';

/** The gateway as a process of its own: for compose. REGULARS_<SERVICE>_URL says where each service is. */
const addresses = Object.fromEntries(
  serviceNames.map((name) => [
    name,
    new URL(process.env[`REGULARS_${name.toUpperCase()}_URL`] ?? `http://${name}:8080`),
  ]),
) as Record<ServiceName, URL>;

const door = await openGateway(addresses, {
  port: Number(process.env['REGULARS_PORT'] ?? 3000),
  host: process.env['REGULARS_HOST'] ?? '0.0.0.0',
});

let closing: Promise<void> | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // Not `once`: a second signal, passed on by whoever started us, must not cut the close off.
  process.on(signal, () => {
    closing ??= door.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
