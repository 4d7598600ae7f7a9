import { startKafka } from '@regulars/testing';
import { describeLogConformance } from '@regulars/testing/conformance';
import { createKafkaLog } from './kafka-log.js';

const SESSION_MS = 6_000;

describeLogConformance(
  'Kafka',
  createKafkaLog({ brokers: [], clientId: 'features' }).features,
  async () => {
    const kafka = await startKafka();
    const ours = kafka.features.canKill
      ? { takeAway: () => kafka.kill9(0), bringBack: () => kafka.restart(0) }
      : {};
    return {
      ...ours,
      sessionMs: SESSION_MS,
      child: { adapter: 'kafka', brokers: kafka.brokers, sessionMs: SESSION_MS },
      createLog: (closeGraceMs = 2_000) =>
        createKafkaLog({
          brokers: kafka.brokers,
          clientId: 'conformance',
          settings: {
            sessionTimeoutMs: SESSION_MS,
            heartbeatMs: SESSION_MS / 6,
            closeGraceMs,
          },
        }),
      end: () => kafka.stop(),
    };
  },
);
