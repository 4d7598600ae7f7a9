export interface BrokerPlace {
  readonly id: number;
  /** host:port as clients reach it. */
  readonly advertised: string;
  readonly listeners: string;
  readonly controllerVoters: string;
  readonly logDir: string;
  readonly brokers: number;
  readonly interBroker?: { readonly advertised: string };
}

/** The settings of a test broker: KRaft, broker and controller in one, no waiting where a test would feel it. */
export function brokerProperties(place: BrokerPlace): Record<string, string> {
  const replicas = String(Math.min(3, place.brokers));
  const inSync = String(Math.min(2, place.brokers));
  const inner = place.interBroker;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(place.id),
    'controller.quorum.voters': place.controllerVoters,
    'controller.listener.names': 'CONTROLLER',
    listeners: place.listeners,
    'advertised.listeners':
      `CLIENT://${place.advertised}` + (inner ? `,INNER://${inner.advertised}` : ''),
    'listener.security.protocol.map':
      'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT' + (inner ? ',INNER:PLAINTEXT' : ''),
    'inter.broker.listener.name': inner ? 'INNER' : 'CLIENT',
    'log.dirs': place.logDir,
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // The default makes every first join wait 3 s.
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    // A dead broker leaves the set in sync after this (default 9 s).
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '500',
    'num.network.threads': '2',
    'num.io.threads': '4',
    // The default of 128 MiB does not fit into the small heap.
    'log.cleaner.dedupe.buffer.size': '16777216',
    // The default looks every 15 s whether there is something to compact.
    'log.cleaner.backoff.ms': '500',
  };
}
