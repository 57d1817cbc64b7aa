/**
 * The scripts of the history, which run inside Redis, so that the messages of a topic get one order.
 *
 * | key                    | type       | content                                                                        |
 * | ---------------------- | ---------- | ------------------------------------------------------------------------------ |
 * | `<base>born`           | hash       | `id`: names this data; `run` and `line`: the Redis process, and its replication |
 * |                        |            | history, in which it began; `topics`: how many epochs were begun                |
 * | `<base>last:<topic>`   | hash       | `epoch` and `number` of the last message, `at`: when; `bytes`: at least those of `said` |
 * | `<base>said:<topic>`   | stream     | the last messages, with the ids `<at>-<number>`                                 |
 * | `<base>used`           | sorted set | the topics, by when they were last used                                        |
 * | `<base>server:<id>`    | string     | the number of the last message that this server has had recorded               |
 *
 * Topics are in JSON. Times are in milliseconds since the Unix epoch, by the clock of Redis. `<base>topic:<topic>` is a channel:
 * see `history-message.ts`.
 *
 * An epoch begins with the `id` of the data. That changes with the process and after each failover, since records may have been
 * lost, and when all was flushed; what was said before then counts as not there. Redis may evict any key: without `born`, all begins anew, without
 * `last` the topic does, and without `said` who missed something is told of a gap.
 */

/** How long the last number of a topic outlives its messages, and the last one of a server counts, in milliseconds. */
export const REMEMBERED: number = 24 * 60 * 60 * 1_000;

/** What was used so recently is not forgotten, in milliseconds. What a server follows, it uses every 10 s. */
const RECENT = 60_000;

/** What one message takes beside its payload, in bytes. */
const OVERHEAD = 200;

const claim = `
local born = KEYS[1] .. 'born'
local id, run, line = unpack(redis.call('HMGET', born, 'id', 'run', 'line'))
if run ~= ARGV[1] or line ~= ARGV[2] then
  id = ARGV[1] .. ':' .. ARGV[3]
  redis.call('HSET', born, 'id', id, 'run', ARGV[1], 'line', ARGV[2], 'topics', 0)
end
redis.call('PEXPIRE', born, ARGV[4])
return id
`;

const PROLOGUE = `
local base, born, ttl, bound = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local about, used = base .. 'born', base .. 'used'
local remembered = ttl + ${REMEMBERED}
if redis.call('HGET', about, 'id') ~= born then
  return false
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local forgotten = {}

-- Returns where a topic stands; nil if nobody knows.
local function find(topic)
  local epoch, number, at, bytes = unpack(redis.call('HMGET', base .. 'last:' .. topic, 'epoch', 'number', 'at', 'bytes'))
  if epoch and string.sub(epoch, 1, #born) == born then
    return epoch, tonumber(number), tonumber(at), tonumber(bytes)
  end
end

local function begin(topic)
  redis.call('DEL', base .. 'last:' .. topic, base .. 'said:' .. topic)
  return born .. '.' .. redis.call('HINCRBY', about, 'topics', 1), 0, 0, 0
end

local function keep(topic, epoch, number, at, bytes)
  redis.call('HSET', base .. 'last:' .. topic, 'epoch', epoch, 'number', number, 'at', at, 'bytes', bytes)
end

-- A topic is used now. Forgets those that were not for longest, if there are too many.
local function use(topic)
  redis.call('PEXPIRE', base .. 'last:' .. topic, remembered)
  redis.call('ZADD', used, now, topic)
  while redis.call('ZCARD', used) > bound do
    local oldest = redis.call('ZRANGE', used, 0, 0, 'WITHSCORES')
    if tonumber(oldest[2]) > now - ${RECENT} then
      break
    end
    redis.call('DEL', base .. 'last:' .. oldest[1], base .. 'said:' .. oldest[1])
    redis.call('ZREM', used, oldest[1])
    forgotten[#forgotten + 1] = oldest[1]
  end
end

local function trim(topic)
  redis.call('XTRIM', base .. 'said:' .. topic, 'MINID', math.max(0, now - ttl))
end
`;

/** Returns where topics stand. Each is used by that; one that nobody knows begins. */
const locate = `
local positions = {}
redis.call('PEXPIRE', about, remembered)
redis.call('ZREMRANGEBYSCORE', used, '-inf', now - remembered)
for i = 4, #ARGV do
  local topic = ARGV[i]
  local epoch, number = find(topic)
  if not epoch then
    local at, bytes
    epoch, number, at, bytes = begin(topic)
    keep(topic, epoch, number, at, bytes)
  end
  use(topic)
  positions[#positions + 1] = {epoch, number}
end
return {positions, forgotten}
`;

/**
 * Records a message, and publishes it. Returns where the topic stands then, and the topics that were forgotten for it; or nothing of that if it was
 * recorded before, or nobody can ask for it; or `unknown` if an earlier attempt may have recorded it in data that is lost.
 *
 * The first write comes before the message is published: Redis refuses it when its memory is full, and no later one.
 */
const append = `
local server, turn, since, topic, data = base .. 'server:' .. ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7], ARGV[8]
local perTopic, bytesPerTopic = ARGV[9], tonumber(ARGV[10])
if turn <= tonumber(redis.call('GET', server) or 0) then
  return {}
end
if since ~= '' and since ~= born then
  return 'unknown'
end
redis.call('SET', server, turn, 'PX', ${REMEMBERED})
local said = base .. 'said:' .. topic
local epoch, number, at, bytes = find(topic)
local isNew = not epoch
if isNew then
  epoch, number, at, bytes = begin(topic)
end
number = number + 1
local message = '[' .. topic .. ',"' .. epoch .. '",' .. number .. ']\\n' .. data
local heard = redis.call('PUBLISH', base .. 'topic:' .. topic, message)
if isNew and heard == 0 then
  -- Nobody has a position in it, so nobody can ask for the message.
  return {}
end
-- The clock may go back. Ids must not.
at = math.max(at, now)
bytes = bytes + #data + ${OVERHEAD}
redis.call('XADD', said, 'MAXLEN', '=', perTopic, at .. '-' .. number, 'data', data)
trim(topic)
if bytes > bytesPerTopic then
  local entries = redis.call('XREVRANGE', said, '+', '-')
  local function sum(limit)
    local total = 0
    for count, entry in ipairs(entries) do
      local size = #entry[2][2] + ${OVERHEAD}
      if total + size > limit then
        return total, count - 1
      end
      total = total + size
    end
    return total, #entries
  end
  local total, count = sum(bytesPerTopic)
  if count < #entries then
    -- To less than fits, so that not every message counts all again.
    total, count = sum(bytesPerTopic * 3 / 4)
    redis.call('XTRIM', said, 'MAXLEN', '=', count)
  end
  bytes = total
end
keep(topic, epoch, number, at, bytes)
redis.call('PEXPIRE', said, ttl)
use(topic)
return {epoch, number, forgotten}
`;

/** Returns where a topic stands and, if they are all there, the messages behind a position, the latest first. */
const read = `
local topic, from, first = ARGV[4], ARGV[5], tonumber(ARGV[6])
local epoch, number = find(topic)
if epoch ~= from or first > number then
  return {epoch or '', number or 0}
end
if first == number then
  return {epoch, number, {}}
end
trim(topic)
local entries = redis.call('XREVRANGE', base .. 'said:' .. topic, '+', '-', 'COUNT', number - first)
if #entries < number - first then
  return {epoch, number}
end
local messages = {}
for i, entry in ipairs(entries) do
  messages[i] = entry[2][2]
end
return {epoch, number, messages}
`;

/** The complete scripts, for EVAL. A script answers null if the data that its server has claimed is not there any more. */
export const SCRIPTS: Readonly<Record<'claim' | 'locate' | 'append' | 'read', string>> = {
  claim,
  locate: PROLOGUE + locate,
  append: PROLOGUE + append,
  read: PROLOGUE + read,
};
