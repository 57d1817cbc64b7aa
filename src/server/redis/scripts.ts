import { RESTORE_PERIOD } from './timing.ts';

/**
 * What the presence store does inside Redis: one script for each step, so that every change is decided once, by Redis'
 * clock, and told by the script that decides it.
 *
 * | key                | type       | holds                                                                         |
 * | ------------------ | ---------- | ----------------------------------------------------------------------------- |
 * | `<base>state`      | hash       | `born`: when these data began; `quiet`: nobody goes offline before             |
 * | `<base>online`     | sorted set | identities, by when they go offline unless something happens                   |
 * | `<base>leases:<id>`| sorted set | connections of an identity, by the end of their lease                          |
 * | `<base>link:<server>` | string  | the link on which that server may speak                                        |
 * | `<prefix>seen`     | sorted set | identities, by their last sign of life                                         |
 *
 * Times are in milliseconds of the epoch. An identity is written as JSON, so that a script joins identities to a message
 * as they are: `{"online":[…]}`, `{"offline":[…]}`, and to one server alone `{"all":[…]}`.
 *
 * The data live for a third of a lease after the last server spoke, leases alone to their end. A longer gap means that
 * no server could reach Redis, so that leases ran out whose servers live: the data begin anew, and every server puts
 * back what it knew.
 */

/** How many identities one script takes at most, so that Redis serves others in between. */
export const BATCH = 500;

/** How long a last sign of life is remembered, in milliseconds: a week. */
const REMEMBERED = 7 * 24 * 60 * 60 * 1_000;

/** How many identities are remembered besides as many as are online: those of anonymous connections never come again. */
const MAX_REMEMBERED = 100_000;

const PROLOGUE = `
local base, seen = KEYS[1], KEYS[2]
local server, link, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local state, online = base .. 'state', base .. 'online'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local result = 0

local function publish(word, ids)
  if #ids > 0 then
    redis.call('PUBLISH', base .. 'changes', '{"' .. word .. '":[' .. table.concat(ids, ',') .. ']}')
  end
end

-- The end of the longest lease of an identity.
local function lastLease(id)
  return tonumber(redis.call('ZRANGE', base .. 'leases:' .. id, -1, -1, 'WITHSCORES')[2]) or 0
end
`;

/** What comes late from an older link, or was meant for data that are gone, changes nothing: the answer is null. */
const FENCE = `
if redis.call('GET', base .. 'link:' .. server) ~= link or redis.call('HEXISTS', state, 'born') == 0 then
  return false
end
`;

const EPILOGUE = `
local life = math.ceil(lease / 3)
redis.call('SET', base .. 'link:' .. server, link, 'PX', life)
redis.call('PEXPIRE', state, life)
redis.call('PEXPIRE', online, life)
return result
`;

/** A server has a new link, and claims the right to speak: its older links lose it. Answers when the data began. */
const claim = `
redis.call('HSETNX', state, 'born', string.format('%d', now))
result = redis.call('HGET', state, 'born')
`;

/** The data began anew. These were online before, as far as this server knew: they stay so while all servers come back. */
const restore = `
local quiet = redis.call('HGET', state, 'born') + ${RESTORE_PERIOD}
local came = {}
if now < quiet then
  redis.call('HSET', state, 'quiet', string.format('%d', quiet))
  for i = 4, #ARGV do
    if redis.call('ZADD', online, 'NX', quiet, ARGV[i]) == 1 then
      came[#came + 1] = ARGV[i]
    end
  end
end
publish('online', came)
`;

/**
 * A server tells of its connections, each by five values: what happened, the identity, the connection, how long ago it
 * was seen, and after what time the identity goes offline if that was its last connection.
 */
const report = `
local came = {}
for i = 4, #ARGV, 5 do
  local event, id, connection = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local leases = base .. 'leases:' .. id
  redis.call('ZADD', seen, 'GT', now - ARGV[i + 3], id)
  if event ~= 'leave' then
    redis.call('ZADD', leases, now + lease, connection)
    redis.call('PEXPIRE', leases, lease)
    if redis.call('ZADD', online, now + lease, id) == 1 then
      came[#came + 1] = id
    end
  end
  if event ~= 'join' then
    redis.call('ZREM', leases, connection)
    redis.call('ZADD', online, 'XX', math.max(lastLease(id), now + ARGV[i + 4]), id)
  end
end
redis.call('PEXPIRE', seen, ${REMEMBERED})
publish('online', came)
`;

/** Takes offline who is due. Answers how many were looked at. */
const sweep = `
if now >= tonumber(redis.call('HGET', state, 'quiet') or 0) then
  local due = redis.call('ZRANGEBYSCORE', online, '-inf', now, 'LIMIT', 0, ${BATCH})
  local gone = {}
  for _, id in ipairs(due) do
    local last = lastLease(id)
    if last > now then
      redis.call('ZADD', online, last, id)
    else
      redis.call('ZREM', online, id)
      redis.call('DEL', base .. 'leases:' .. id)
      gone[#gone + 1] = id
    end
  end
  publish('offline', gone)
  result = #due
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - ${REMEMBERED})
redis.call('ZREMRANGEBYRANK', seen, 0, -1 - ${MAX_REMEMBERED} - redis.call('ZCARD', online))
`;

/** Publishes to one server who is online, on a channel of its own: in order with all changes. */
const publishAll = `
redis.call('PUBLISH', base .. 'server:' .. server, '{"all":[' .. table.concat(redis.call('ZRANGE', online, 0, -1), ',') .. ']}')
`;

export type Script = 'claim' | 'restore' | 'report' | 'sweep' | 'publishAll';

/** The scripts, to be run by EVAL: the script cache of EVALSHA can be flushed, and handling that would cost more than a kilobyte a call. */
export const SCRIPTS: Readonly<Record<Script, string>> = {
  claim: PROLOGUE + claim + EPILOGUE,
  restore: PROLOGUE + FENCE + restore + EPILOGUE,
  report: PROLOGUE + FENCE + report + EPILOGUE,
  sweep: PROLOGUE + FENCE + sweep + EPILOGUE,
  publishAll: PROLOGUE + FENCE + publishAll + EPILOGUE,
};
