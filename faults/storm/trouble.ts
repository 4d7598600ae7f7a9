import { setTimeout as pause } from 'node:timers/promises';
import { sql, type Database } from '@regulars/persistence';
import type { Dice } from '@regulars/testing';
import type { Relays } from './relays.ts';
import { schema } from './shop.ts';

/** Does something to the relays, or to a connection, every half second or so. Each kind once, then by chance. */
export async function makeTrouble(
  relays: Relays,
  { database, dice, enough }: { database: Database; dice: Dice; enough(): boolean },
): Promise<void> {
  const kinds = [killLeader, stopLeader, cutLock, cutAnyone, killFollower];
  for (let turn = 0; turn < kinds.length || !enough(); turn += 1) {
    await pause(dice.between(300, 900));
    const kind = kinds[turn] ?? dice.oneOf(kinds);
    await kind(relays, database, dice);
  }
}

async function killLeader(relays: Relays): Promise<void> {
  const leader = await relays.leader();
  relays.kill(leader);
  relays.record('killed the leading relay');
}

function killFollower(relays: Relays): void {
  const follower = relays.follower();
  if (!follower) return;
  relays.kill(follower);
  relays.record('killed a relay that did not lead');
}

/** The server ends a silent leader's session after ten seconds; we end it at once, so that the leader wakes believing. */
async function stopLeader(relays: Relays, database: Database, dice: Dice): Promise<void> {
  const leader = await relays.leader();
  leader.signal('SIGSTOP');
  try {
    await endSessions(database, `regulars-relay-${schema}`);
    await relays.leader(leader);
    await pause(dice.between(50, 1_500));
  } finally {
    leader.signal('SIGCONT');
  }
  relays.record('stopped the leading relay until another one led');
}

async function cutLock(relays: Relays, database: Database): Promise<void> {
  await relays.leader();
  await endSessions(database, `regulars-relay-${schema}`);
  relays.record('cut the connections that hold the lock and wait for it');
}

/** A writer, the taker, a relay's reading, or the log itself. */
async function cutAnyone(relays: Relays, database: Database, dice: Dice): Promise<void> {
  const sessions = await database.query<{ pid: number; name: string }>(sql`
    select pid, application_name as name from pg_stat_activity
    where application_name like 'regulars-%' and pid <> pg_backend_pid() and state <> 'idle'
    order by pid`);
  if (sessions.length === 0) return;
  const { pid, name } = dice.oneOf(sessions);
  await database.query(sql`select pg_terminate_backend(${pid})`);
  relays.record(`cut a connection of ${name}`);
}

async function endSessions(database: Database, name: string): Promise<void> {
  await database.query(sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`);
}
