/**
 * The parts of the scripts that are about topics. They use what the prologue in `scripts.ts` defines.
 *
 * | key             | type       | content                                                                             |
 * | --------------- | ---------- | ----------------------------------------------------------------------------------- |
 * | `<base>members` | sorted set | all with the score 0, thus by name: `<topic>⏎<id>⏎<server>` and `<server>⏎<topic>⏎<id>` |
 * | `<base>due`     | sorted set | `<topic>⏎<id>` of those that no server has, by the time at which they have left     |
 * | `<base>servers` | sorted set | the servers, by the end of their lease                                              |
 *
 * Topics and identities are JSON strings, which hold no line feed. While no server has an identity, in its grace period, the
 * name of the server in `members` is empty. The lease is that of the server, so that what Redis does while nothing happens does not
 * depend on how many are in how many topics. When it ends, all that the server had has left.
 *
 * All of it is in a few keys: Redis evicts all or nothing. Changes go to the channel of the topic, `<base>topic:<topic>`, so
 * that a server hears only of the topics that it follows.
 */
import { BATCH } from './batch.ts';

/** Functions. A pair is a topic and an identity. */
export const TOPICS: string = `
-- How many entries a pair has; 0 if the identity is not in the topic.
local function entriesOf(pair)
  return redis.call('ZLEXCOUNT', members, '[' .. pair .. '\\n', '(' .. pair .. '\\v')
end

-- Keeps an identity in a topic that no server has, until a time.
local function keep(pair, time)
  redis.call('ZADD', members, 0, pair .. '\\n')
  redis.call('ZADD', due, time, pair)
end

-- The identities to tell of, by topic.
local told = {}
local function note(pair)
  local at = string.find(pair, '\\n', 1, true)
  local topic = string.sub(pair, 1, at - 1)
  told[topic] = told[topic] or {}
  table.insert(told[topic], string.sub(pair, at + 1))
end
local function tell(word)
  for topic, ids in pairs(told) do
    redis.call('PUBLISH', base .. 'topic:' .. topic, '{"' .. word .. '":[' .. table.concat(ids, ',') .. ']}')
  end
end
`;

/** Restores who is in topics, as \`restore\` does. Each has two more values: the topic and the identity. */
export const RESTORE_MEMBERS: string = `
if now < quiet then
  local stay = math.max(quiet, tonumber(redis.call('HGET', state, 'held')))
  for i = 6, #ARGV, 2 do
    local pair = ARGV[i] .. '\\n' .. ARGV[i + 1]
    if entriesOf(pair) == 0 then
      keep(pair, stay)
      note(pair)
    end
  end
end
tell('online')
`;

/**
 * Takes the report of a server about who is in topics by its connections. Each has four values: the event, the topic, the
 * identity, and the time until it has left if no other server has it.
 */
export const MEMBERS: string = `
for i = 5, #ARGV, 4 do
  local event, pair = ARGV[i], ARGV[i + 1] .. '\\n' .. ARGV[i + 2]
  local entry = pair .. '\\n' .. server
  if event ~= 'leave' and redis.call('ZADD', members, 0, entry, 0, server .. '\\n' .. pair) > 0 then
    if redis.call('ZREM', due, pair) == 1 then
      redis.call('ZREM', members, pair .. '\\n')
    elseif entriesOf(pair) == 1 then
      note(pair)
    end
  end
  if event ~= 'join' and redis.call('ZREM', members, entry, server .. '\\n' .. pair) > 0 and entriesOf(pair) == 0 then
    keep(pair, now + ARGV[i + 3])
  end
end
tell('online')
`;

/** The part of \`sweep\`: who has left, and one server after another whose lease has ended. */
export const SWEEP_MEMBERS: string = `
  local left = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, ${BATCH})
  for _, pair in ipairs(left) do
    redis.call('ZREM', due, pair)
    redis.call('ZREM', members, pair .. '\\n')
    note(pair)
  end
  local dead = redis.call('ZRANGEBYSCORE', servers, '-inf', now, 'LIMIT', 0, 1)[1]
  if dead then
    local had = redis.call('ZRANGEBYLEX', members, '[' .. dead .. '\\n', '(' .. dead .. '\\v', 'LIMIT', 0, ${BATCH})
    for _, entry in ipairs(had) do
      local pair = string.sub(entry, #dead + 2)
      redis.call('ZREM', members, entry, pair .. '\\n' .. dead)
      if entriesOf(pair) == 0 then
        note(pair)
      end
    end
    if #had < ${BATCH} then
      redis.call('ZREM', servers, dead)
    end
    result = ${BATCH}
  end
  result = math.max(result, #left)
  tell('offline')
`;

/**
 * Publishes the lists of topics on the channel of one server, in order with all changes, as far as they fit into one script. Takes
 * a cursor in the list of the first topic, and the topics. Returns how many of them are done, and the cursor in the next one. A
 * cursor is the last identity that was listed; nothing at the start of a list.
 */
export const LISTS: string = `
local room, done, cursor = ${BATCH}, 0, ARGV[5]
for i = 6, #ARGV do
  local topic, ids = ARGV[i], {}
  local from = cursor == '' and '\\n' or '\\n' .. cursor .. '\\v'
  local found = redis.call('ZRANGEBYLEX', members, '[' .. topic .. from, '(' .. topic .. '\\v', 'LIMIT', 0, room)
  for _, entry in ipairs(found) do
    local id = string.match(entry, '^[^\\n]*\\n([^\\n]*)')
    if id ~= ids[#ids] then
      ids[#ids + 1] = id
    end
  end
  local isLast = #found < room
  local word = isLast and 'last' or 'part'
  redis.call('PUBLISH', base .. 'server:' .. server,
    '{"topic":' .. topic .. ',"' .. word .. '":[' .. table.concat(ids, ',') .. ']}')
  cursor = isLast and '' or ids[#ids]
  if not isLast then
    break
  end
  done = done + 1
  room = room - #found
end
result = { done, cursor }
`;
