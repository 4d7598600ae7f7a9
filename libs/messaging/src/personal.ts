import { topicByName } from '@regulars/contracts';

/** Whether bodies of this topic may lie among dead letters: personal data is kept in the log only, where it can be erased. */
export function mayBeKept(topic: string): boolean {
  return topicByName(topic)?.stream !== 'customer-profile';
}
