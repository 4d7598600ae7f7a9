/** One process over a log in Postgres, or services over a real Kafka (one broker). */
export type Mode = 'standalone' | 'distributed';
