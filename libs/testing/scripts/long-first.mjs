import Sequencer from '@jest/test-sequencer';

/**
 * The files that take longest, the longest first: begun last they would keep one worker busy to the end while the other
 * has nothing left. Jest knows times only of runs before; in a fresh clone it goes by the size of files, and these are
 * small ones. The two that work a broker hardest do not meet, nor do two houses of five processes.
 */
const longest = [
  'faults/tier-a/R1.standalone.fault.spec.ts',
  'faults/tier-a/R1.distributed.fault.spec.ts',
  'libs/messaging/src/kafka/conformance.kafka.spec.ts',
  'libs/messaging/src/postgres-log/conformance.int.spec.ts',
  'faults/storm/storm.int.spec.ts',
  'faults/tier-a/R2.distributed.fault.spec.ts',
  'faults/tier-a/R15.standalone.fault.spec.ts',
  'faults/tier-a/scaling.distributed.fault.spec.ts',
  'e2e/dead-letter.kafka.e2e.spec.ts',
  'e2e/time/simulated-month.e2e.spec.ts',
  'e2e/real-input.kafka.e2e.spec.ts',
  'e2e/own-postgres.e2e.spec.ts',
  'e2e/real-input.e2e.spec.ts',
  'e2e/dead-letter.e2e.spec.ts',
  'faults/storm/storm.kafka.spec.ts',
  'libs/messaging/src/kafka/kafka-log.kafka.spec.ts',
];

export default class LongFirst extends Sequencer {
  sort(tests) {
    const rest = super.sort(tests);
    const rank = ({ path }) => {
      const at = longest.findIndex((file) => path.endsWith(`/${file}`));
      return at < 0 ? longest.length : at;
    };
    return rest.toSorted((one, other) => rank(one) - rank(other));
  }
}
