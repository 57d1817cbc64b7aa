/**
 * The scripts of the presence store, which run inside Redis. Each script decides a change by the clock of Redis and
 * publishes it, so that a change is decided once and all servers get the same order.
 *
 * | key                   | type       | content                                                                         |
 * | --------------------- | ---------- | ------------------------------------------------------------------------------- |
 * | `<base>state`         | hash       | `born`: when this data started; `quiet`: until then no identity goes offline    |
 * | `<base>online`        | sorted set | online identities, by the time at which they go offline; `:whole`               |
 * | `<base>leases:<id>`   | sorted set | connections of an online identity, by the end of their lease; `:whole`, `:held` |
 * | `<base>link:<server>` | string     | the link on which that server may write                                         |
 * | `<prefix>seen`        | sorted set | identities, by their last sign of life                                          |
 * | `<prefix>base`        | string     | the base of the data that was last written                                      |
 *
 * Times are in milliseconds since the Unix epoch. Identities are stored as JSON strings, so that a script can join them
 * to a message: `{"online":[…]}`, `{"offline":[…]}`, and for one server the list of all in parts, `{"part":[…]}`, up to
 * `{"last":[…]}`. No message holds more identities than {@link BATCH}: Redis cuts off who has too much to read.
 *
 * The data expires a third of a lease after the last write of a server; only the leases last longer. If it has expired, no
 * server could reach Redis, so leases of servers that still run may have ended. Then the data starts again, and every
 * server restores what it knew. The same happens after a failover, since the base names the Redis process.
 *
 * Redis may evict any key when its memory is full. A sorted set that was evicted and made anew has no `:whole`. Without
 * `state`, or `:whole` in `online`, the data starts again. Leases without `:whole` get `:held`, a lease in which all servers
 * report their connections again.
 */

/** The largest number of identities in one script, so that Redis can serve other clients in between. */
export const BATCH = 500;

/** How long a last sign of life is stored, in milliseconds: a week. */
const REMEMBERED = 7 * 24 * 60 * 60 * 1_000;

/**
 * How many identities are stored in addition to the number of those online. The limit is needed because the identities of
 * anonymous connections are never used again.
 */
const MAX_REMEMBERED = 100_000;

const PROLOGUE = `
local base, seen = KEYS[1], KEYS[2]
local server, link, lease, born = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
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

-- Makes sure that the leases of an identity exist, for longer than it stays online without a report.
local function keepLeases(id, wasOnline, stay)
  local leases = base .. 'leases:' .. id
  if redis.call('ZADD', leases, 'NX', 0, ':whole') == 1 and wasOnline then
    redis.call('ZADD', leases, now + math.floor(lease / 2), ':held')
  end
  redis.call('PEXPIRE', leases, 2 * lease + math.max(0, stay))
end
`;

/** A call of an older link, or one for data that was lost, changes nothing: the answer is null. */
const FENCE = `
if redis.call('GET', base .. 'link:' .. server) ~= link or redis.call('HGET', state, 'born') ~= born
  or not redis.call('ZSCORE', online, ':whole') then
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

/**
 * Claims the right to write for a new link of a server; its older links lose it. Answers when the data started. Data of this
 * process that is older than that of another one is dropped: Redis failed over, and back to this process.
 */
const claim = `
local last = redis.call('GET', KEYS[3])
if last and last ~= base then
  redis.call('DEL', online)
end
if redis.call('ZADD', online, 'NX', '+inf', ':whole') == 1 then
  redis.call('DEL', state)
end
redis.call('SET', KEYS[3], base, 'PX', lease)
redis.call('HSETNX', state, 'born', string.format('%d', now))
result = redis.call('HGET', state, 'born')
`;

/**
 * Restores identities after the data was lost: those that this server knew as online. They stay online until all servers
 * have had time to reconnect, which is the first value.
 */
const restore = `
local quiet = born + ARGV[5]
local came = {}
if now < quiet then
  local longest = math.max(quiet, tonumber(redis.call('HGET', state, 'quiet') or 0))
  redis.call('HSET', state, 'quiet', string.format('%d', longest))
  for i = 6, #ARGV do
    if redis.call('ZADD', online, 'NX', quiet, ARGV[i]) == 1 then
      keepLeases(ARGV[i], false, quiet - now)
      came[#came + 1] = ARGV[i]
    end
  end
end
publish('online', came)
`;

/**
 * Takes the report of a server about its connections. Each has five values: the event, the identity, the connection, the
 * time since its last sign of life, and the time until the identity goes offline if that was its last connection.
 */
const report = `
local came = {}
for i = 5, #ARGV, 5 do
  local event, id, connection = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local leases = base .. 'leases:' .. id
  local wasOnline = redis.call('ZSCORE', online, id)
  redis.call('ZADD', seen, 'GT', now - ARGV[i + 3], id)
  if wasOnline or event ~= 'leave' then
    keepLeases(id, wasOnline, tonumber(ARGV[i + 4]))
  end
  if event ~= 'leave' then
    redis.call('ZADD', leases, now + lease, connection)
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

/** Marks the identities offline whose deadline has passed. Returns how many identities were checked. */
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
local word = result == '0' and 'last' or 'part'
redis.call('PUBLISH', base .. 'server:' .. server, '{"' .. word .. '":[' .. table.concat(ids, ',') .. ']}')
`;

/** The name of a script. */
export type Script = 'claim' | 'restore' | 'report' | 'sweep' | 'publishPart';

/** The complete scripts, for EVAL. EVALSHA would save about a kilobyte in each call, but its script cache can be flushed at any time. */
export const SCRIPTS: Readonly<Record<Script, string>> = {
  claim: PROLOGUE + claim + EPILOGUE,
  restore: PROLOGUE + FENCE + restore + EPILOGUE,
  report: PROLOGUE + FENCE + report + EPILOGUE,
  sweep: PROLOGUE + FENCE + sweep + EPILOGUE,
  publishPart: PROLOGUE + FENCE + publishPart + EPILOGUE,
};
