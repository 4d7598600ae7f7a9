import type { ServiceName } from '@regulars/contracts';

/** Which service answers which path; compose's gateway and ingress rules are made from it too. */
export const pathTable: readonly { readonly prefix: string; readonly service: ServiceName }[] = [
  ...paths('ingestion', 'customers', 'purchases', 'products', 'imports', 'consents'),
  ...paths('prediction', 'forecasts', 'models'),
  ...paths('segmentation', 'segments'),
  ...paths(
    'campaigns',
    'campaigns',
    'agenda',
    'templates',
    'offers',
    'touches',
    'tasks',
    'experiments',
    'channels',
  ),
  { prefix: '/u', service: 'campaigns' },
  { prefix: '/hooks', service: 'campaigns' },
  ...paths('metrics', 'reports'),
  ...(['ingestion', 'prediction', 'segmentation', 'campaigns', 'metrics'] as const).map(
    (service) => ({ prefix: `/v1/admin/${service}`, service }),
  ),
];

function paths(
  service: ServiceName,
  ...nouns: readonly string[]
): { prefix: string; service: ServiceName }[] {
  return nouns.map((noun) => ({ prefix: `/v1/${noun}`, service }));
}

/** The service of a request's path; undefined when no service has it. */
export function serviceOf(url: string): ServiceName | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? '/';
  return pathTable.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;
}
