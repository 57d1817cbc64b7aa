/**
 * The scripts of the presence store, which run inside Redis. Each script decides a change by the clock of Redis and
 * publishes it, so that a change is decided once and all servers get the same order.
 *
 * | key                   | type       | content                                                                         |
 * | --------------------- | ---------- | ------------------------------------------------------------------------------- |
 * | `<base>state`         | hash       | `born`: when this data started; `quiet`: until then no identity goes offline;   |
 * |                       |            | `held`: until then none that is restored leaves a topic                         |
 * | `<base>online`        | sorted set | online identities, by the time at which they go offline                         |
 * | `<base>data`          | hash       | the public data of the online identities that have some                         |
 * | `<base>leases:<id>`   | sorted set | connections of an online identity, by the end of their lease; `:whole`, `:held` |
 * | `<base>members`       | sorted set | who is in a topic: see `topic-scripts.ts`, and there `due` and `servers`        |
 * | `<base>link:<server>` | string     | the link on which that server may write                                         |
 * | `<start>seen`         | sorted set | identities, by their last sign of life                                          |
 * | `<start>base`         | string     | the base of the data that was last written                                      |
 *
 * `<start>` is the prefix and a hash tag, `<base>` also names the Redis process. Times are in milliseconds since the Unix epoch. Identities are stored as JSON strings, so that a script can join them
 * to a message: `{"online":[…]}`, `{"offline":[…]}`, and for one server the list of all in parts, `{"part":[…]}`, up to
 * `{"last":[…]}`. The public data of those that have some follow: `"data":{"ann":{"name":"Ann"}}`. No message holds more
 * identities than {@link BATCH}: Redis cuts off who has too much to read.
 *
 * The data expires a third of a lease after the last write of a server; only the leases, and what is in topics, last longer. If
 * it has expired, no server could reach Redis, so leases of servers that still run may have ended. Then the data starts again, and
 * every server restores what it knew. The same happens after a failover, since the base names the Redis process.
 *
 * Redis may evict any key when its memory is full. If one of the keys of the data is missing, it starts again; each has an
 * entry `:whole`, so that it is never empty. Leases that were evicted and made anew have no `:whole`, and get `:held`: a lease in
 * which all servers report their connections again. In topics, `held` is this lease.
 */

import { BATCH } from './batch.ts';
import { RESTORE_PERIOD } from './timing.ts';
import { LISTS, MEMBERS, RESTORE_MEMBERS, SWEEP_MEMBERS, TOPICS } from './topic-scripts.ts';

/** How long a last sign of life is stored, in milliseconds: a week. */
const REMEMBERED = 7 * 24 * 60 * 60 * 1_000;

/**
 * How many identities are stored in addition to the number of those online. The limit is needed because the identities of
 * anonymous connections are never used again.
 */
const MAX_REMEMBERED = 100_000;

/** After how long without a call Redis may have stood still, in milliseconds. Each server calls twice in this time. */
const STANDSTILL = 1_000;

const PROLOGUE = `
local base, seen = KEYS[1], KEYS[2]
local server, link, lease, born = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local state, online, data = base .. 'state', base .. 'online', base .. 'data'
local members, due, servers = base .. 'members', base .. 'due', base .. 'servers'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local result = 0
local life = math.ceil(lease / 3)

-- Returns the message that lists identities, with the public data of those that have some.
local function listed(word, ids, withData)
  local message = '{"' .. word .. '":[' .. table.concat(ids, ',') .. ']'
  local found = {}
  if withData and #ids > 0 and redis.call('HLEN', data) > 1 then
    for i, value in ipairs(redis.call('HMGET', data, unpack(ids))) do
      if value then
        found[#found + 1] = ids[i] .. ':' .. value
      end
    end
  end
  if #found > 0 then
    message = message .. ',"data":{' .. table.concat(found, ',') .. '}'
  end
  return message .. '}'
end

local function publish(word, ids)
  if #ids > 0 then
    redis.call('PUBLISH', base .. 'changes', listed(word, ids, word == 'online'))
  end
end

local function isWhole()
  return redis.call('EXISTS', state, online, data, members, due, servers) == 6
end

-- A lease for all that this server has in topics. If no server has called for a while, perhaps none could: then all get the
-- time to report before anybody goes offline.
local function renewServer()
  redis.call('ZADD', servers, now + lease, server)
  local left = redis.call('PTTL', state)
  if left >= 0 and life - left > ${STANDSTILL} then
    local quiet = math.max(now + ${RESTORE_PERIOD}, tonumber(redis.call('HGET', state, 'quiet') or 0))
    redis.call('HSET', state, 'quiet', string.format('%d', quiet))
  end
end

-- The end of the longest lease of an identity.
local function lastLease(id)
  return tonumber(redis.call('ZRANGE', base .. 'leases:' .. id, -1, -1, 'WITHSCORES')[2]) or 0
end

-- Makes sure that the leases of an identity exist, for longer than it stays online without a report.
local function keepLeases(id, wasOnline, stay)
  local leases = base .. 'leases:' .. id
  if redis.call('ZADD', leases, 'NX', 0, ':whole') == 1 and wasOnline then
    redis.call('ZADD', leases, now + math.floor(lease / 2), ':held')
  end
  redis.call('PEXPIRE', leases, 2 * lease + math.max(0, stay))
end
`;

/**
 * A call of an older link, or one for data that was lost, changes nothing: the answer is null. So does one of a server that has
 * called nothing for a third of its lease: it reports all again, before others sweep what it had.
 */
const FENCE = `
if redis.call('GET', base .. 'link:' .. server) ~= link or redis.call('HGET', state, 'born') ~= born
  or not isWhole() then
  return false
end
renewServer()
`;

const EPILOGUE = `
redis.call('SET', base .. 'link:' .. server, link, 'PX', life)
for _, key in ipairs({ state, online, data }) do
  redis.call('PEXPIRE', key, life)
end
for _, key in ipairs({ members, due, servers }) do
  redis.call('PEXPIRE', key, 2 * lease)
end
return result
`;

/**
 * Claims the right to write for a new link of a server; its older links lose it. Answers when the data started. Data of this
 * process that is older than that of another one is dropped: Redis failed over, and back to this process. What is in topics is
 * kept if only the rest was lost.
 */
const claim = `
local last = redis.call('GET', KEYS[3])
local isOld = last and last ~= base
local isEviction = redis.call('EXISTS', state) == 1 and not isOld

-- Drops three keys if one of them is missing, or they are old. Returns whether they are gone.
local function isLost(...)
  if not isOld and redis.call('EXISTS', ...) == 3 then
    return false
  end
  redis.call('UNLINK', ...)
  return true
end

local isStateLost, areTopicsLost = isLost(state, online, data), isLost(members, due, servers)
if isStateLost then
  redis.call('ZADD', online, '+inf', ':whole')
  redis.call('HSET', data, ':whole', '')
end
if areTopicsLost then
  redis.call('ZADD', members, 0, ':whole')
  redis.call('ZADD', due, '+inf', ':whole')
  redis.call('ZADD', servers, '+inf', ':whole')
end
if isStateLost or areTopicsLost then
  local held = areTopicsLost and isEviction and now + math.floor(lease / 2) or 0
  redis.call('HSET', state, 'born', string.format('%d', now), 'held', string.format('%d', held))
end
redis.call('SET', KEYS[3], base, 'PX', lease)
renewServer()
result = redis.call('HGET', state, 'born')
`;

/** How long the next part of a restoration or a report may take to come, in milliseconds. */
const NEXT_PART = 1_000;

/** How long all parts may take, in milliseconds. */
const ALL_PARTS = 30_000;

/** Lets no identity go offline before the next part of a restoration or a report has come. */
const STAY_QUIET = `
  local longest = math.max(quiet, math.min(now + ${NEXT_PART}, born + ${ALL_PARTS}))
  redis.call('HSET', state, 'quiet', string.format('%d', longest))
`;

/** Starts a time in which no identity goes offline: until all servers have had time to reconnect, which is the first value. */
const QUIET = `
local quiet = math.max(born + ARGV[5], tonumber(redis.call('HGET', state, 'quiet') or 0))
local came = {}
if now < quiet then
  ${STAY_QUIET}
end
`;

/** Makes this time longer for a report that is as long as it may be. @param values - The number of values of an entry. */
const awaitMore = (values: number): string => `
local quiet = tonumber(redis.call('HGET', state, 'quiet') or 0)
if now < quiet and #ARGV >= ${4 + values * BATCH} then
  ${STAY_QUIET}
end
`;

/**
 * Restores identities after the data was lost: those that this server knew as online. Each has two more values: the identity,
 * and its public data, or nothing.
 */
const restore = `
if now < quiet then
  for i = 6, #ARGV, 2 do
    local id = ARGV[i]
    if redis.call('ZADD', online, 'NX', quiet, id) == 1 then
      keepLeases(id, false, quiet - now)
      if ARGV[i + 1] ~= '' then
        redis.call('HSETNX', data, id, ARGV[i + 1])
      end
      came[#came + 1] = id
    end
  end
end
publish('online', came)
`;

/**
 * Takes the report of a server about its connections. Each has six values: the event, the identity, the connection, the
 * time since its last sign of life, the time until the identity goes offline if that was its last connection, and its public
 * data, or nothing. For the event `stay`, Redis was told of the connection before.
 */
const report = `
-- Returns whether the public data of an identity are others now.
local function hasChanged(event, id, given)
  if event == 'stay' then
    return given ~= '' and redis.call('HSETNX', data, id, given) == 1
  elseif event == 'leave' or given == (redis.call('HGET', data, id) or '') then
    return false
  elseif given == '' then
    return redis.call('HDEL', data, id) == 1
  end
  redis.call('HSET', data, id, given)
  return true
end

local came = {}
for i = 5, #ARGV, 6 do
  local event, id, connection = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local leases = base .. 'leases:' .. id
  local wasOnline = redis.call('ZSCORE', online, id)
  redis.call('ZADD', seen, 'GT', now - ARGV[i + 3], id)
  if wasOnline or event ~= 'leave' then
    keepLeases(id, wasOnline, tonumber(ARGV[i + 4]))
  end
  if event ~= 'leave' then
    redis.call('ZADD', leases, now + lease, connection)
    redis.call('ZADD', online, now + lease, id)
    if hasChanged(event, id, ARGV[i + 5]) or not wasOnline then
      came[#came + 1] = id
    end
  end
  if event == 'leave' or event == 'visit' then
    redis.call('ZREM', leases, connection)
    redis.call('ZADD', online, 'XX', math.max(lastLease(id), now + ARGV[i + 4]), id)
  end
end
redis.call('PEXPIRE', seen, ${REMEMBERED})
publish('online', came)
`;

/**
 * Marks the identities offline whose deadline has passed, in all and in topics. Returns {@link BATCH} if there may be more of
 * them.
 */
const sweep = `
if now >= tonumber(redis.call('HGET', state, 'quiet') or 0) then
  local ended = redis.call('ZRANGEBYSCORE', online, '-inf', now, 'LIMIT', 0, ${BATCH})
  local gone = {}
  for _, id in ipairs(ended) do
    local last = lastLease(id)
    if last > now then
      redis.call('ZADD', online, last, id)
    else
      redis.call('ZREM', online, id)
      redis.call('HDEL', data, id)
      redis.call('DEL', base .. 'leases:' .. id)
      gone[#gone + 1] = id
    end
  end
  publish('offline', gone)
  result = #ended
  ${SWEEP_MEMBERS}
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - ${REMEMBERED})
redis.call('ZREMRANGEBYRANK', seen, 0, -${MAX_REMEMBERED} - redis.call('ZCARD', online))
`;

/**
 * Publishes a part of the list of online identities on the channel of one server, in order with all changes. Takes and
 * returns a cursor, which is 0 before the first part and after the last one. Who is online from the first part to the last one
 * is in a part, perhaps in two.
 */
const publishPart = `
local found = redis.call('ZSCAN', online, ARGV[5], 'COUNT', ${BATCH})
local ids = {}
for i = 1, #found[2], 2 do
  if found[2][i] ~= ':whole' then
    ids[#ids + 1] = found[2][i]
  end
end
result = found[1]
redis.call('PUBLISH', base .. 'server:' .. server, listed(result == '0' and 'last' or 'part', ids, true))
`;

/** The name of a script. */
export type Script =
  | 'claim'
  | 'restore'
  | 'report'
  | 'sweep'
  | 'publishPart'
  | 'restoreMembers'
  | 'reportMembers'
  | 'publishTopics';

/** Runs a script. The answer is null if the script did nothing, because the data in Redis was lost and started again. */
export type RunScript = (script: Script, values?: readonly string[]) => Promise<unknown>;

const START = PROLOGUE + FENCE;

/** The complete scripts, for EVAL. EVALSHA would save a few kilobytes in each call, but its script cache can be flushed at any time. */
export const SCRIPTS: Readonly<Record<Script, string>> = {
  claim: PROLOGUE + claim + EPILOGUE,
  restore: START + QUIET + restore + EPILOGUE,
  report: START + awaitMore(6) + report + EPILOGUE,
  sweep: START + TOPICS + sweep + EPILOGUE,
  publishPart: START + publishPart + EPILOGUE,
  restoreMembers: START + QUIET + TOPICS + RESTORE_MEMBERS + EPILOGUE,
  reportMembers: START + awaitMore(4) + TOPICS + MEMBERS + EPILOGUE,
  publishTopics: START + LISTS + EPILOGUE,
};
