/**
 * The scripts of the session store, which run inside Redis. One server has an outbox at a time, and each script that writes checks
 * that it is still the one that calls: a server that stood still writes nothing over what another has taken since.
 *
 * | key                    | type       | content                                                                               |
 * | ---------------------- | ---------- | ------------------------------------------------------------------------------------- |
 * | `<base>record:<name>`  | hash       | `taken`, `failed` (`begun`, `epoch`, `excepted`): of the outbox; `owner`: who has it;      |
 * |                        |            | `claim`: rises with each claim; `run`: the Redis process that has it for sure;        |
 * |                        |            | `wanted`: the server that asked for it last; `attempt`, `known`: of the last claim    |
 * | `<base>replies:<name>` | hash       | by the id of a request: `s` and a text, `b` and base64, or `r` and the server where   |
 * |                        |            | it is at work                                                                         |
 * | `<base>server:<id>`    | string     | a server, until its lease ends; also its channel                                      |
 * | `<base>all`            | sorted set | all outboxes, by the time at which they were last claimed, released or verified       |
 * | `<base>of:<owner>`     | sorted set | those of an identity                                                                  |
 *
 * `<base>` is the prefix of a part, so that in a cluster all keys of an outbox and of its owner are in one slot. Everything expires.
 *
 * A claim that Redis has lost (a failover, an eviction, an empty Redis) has a higher number than the record: its server writes
 * it again. A record of another Redis process may be an old copy, so that nobody knows what was taken: only its owner can tell.
 */

const PROLOGUE = `
local base, me, run = KEYS[1], ARGV[1], ARGV[2]
local numberTtl, repliesTtl = ARGV[3], ARGV[4]
local all = base .. 'all'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function recordOf(name)
  return base .. 'record:' .. name
end

local function repliesOf(name)
  return base .. 'replies:' .. name
end

local function lives(server)
  return redis.call('EXISTS', base .. 'server:' .. server) == 1
end

local function tell(server, message)
  redis.call('PUBLISH', base .. 'server:' .. server, message)
end

-- The outboxes of an identity; nothing for those of a token, which has one.
local function indexOf(name)
  return string.sub(name, 1, 1) == 'i' and base .. 'of:' .. string.match(name, '^(.*) ') or nil
end

-- Keeps an outbox that is in use.
local function touch(name, life)
  redis.call('PEXPIRE', recordOf(name), numberTtl)
  redis.call('PEXPIRE', repliesOf(name), life)
  for _, index in ipairs({ all, indexOf(name) }) do
    redis.call('ZADD', index, now, name)
    redis.call('PEXPIRE', index, numberTtl)
  end
end

local function forget(name)
  redis.call('ZREM', all, name)
  if indexOf(name) then
    redis.call('ZREM', indexOf(name), name)
  end
  redis.call('DEL', repliesOf(name))
  return redis.call('DEL', recordOf(name))
end

-- 1: this server has the outbox by this claim. 2: Redis has lost the claim, or may have lost more. 0: another server has it, or has had
-- it since.
local function check(name, claim)
  local owner, count, wrote = unpack(redis.call('HMGET', recordOf(name), 'owner', 'claim', 'run'))
  if owner == me and count == claim then
    return wrote == run and 1 or 2
  end
  return (tonumber(count) or 0) < tonumber(claim) and 2 or 0
end
`;

/** Takes an outbox. Returns nothing as long as another server has it, or may have it. */
const CLAIM = `
local name, attempt, isSettled, max, maxOfOwner = ARGV[5], ARGV[6], ARGV[7] == '1', ARGV[8], ARGV[9]
local newTaken, newFailed = ARGV[10], ARGV[11]
local key = recordOf(name)
local owner, count, wrote, last, known = unpack(redis.call('HMGET', key, 'owner', 'claim', 'run', 'attempt', 'known'))
if owner and owner ~= '' and owner ~= me then
  if lives(owner) then
    redis.call('HSET', key, 'wanted', me)
    tell(owner, 'wanted ' .. count .. ' ' .. name)
    return false
  end
  if not isSettled then
    return false
  end
end
-- The server that has it may not have come back yet.
if owner and wrote ~= run and not isSettled then
  return false
end
-- The answer to the same attempt may have been lost.
if last ~= attempt then
  known = owner and wrote == run and '1' or '0'
end
if known == '0' then
  redis.call('DEL', repliesOf(name))
  redis.call('HSET', key, 'taken', newTaken, 'failed', newFailed)
end
-- Where the record is lost, the time alone makes a claim higher than those before it.
count = math.max((tonumber(count) or 0) + 1, now)
redis.call('HSET', key, 'owner', me, 'claim', count, 'run', run, 'attempt', attempt, 'known', known)
redis.call('HDEL', key, 'wanted')
touch(name, repliesTtl)

local forgotten = {}
for i, index in ipairs({ all, indexOf(name) }) do
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now - numberTtl)
  if redis.call('ZCARD', index) > tonumber(i == 1 and max or maxOfOwner) then
    for _, oldest in ipairs(redis.call('ZRANGE', index, 0, 9)) do
      local holder = redis.call('HGET', recordOf(oldest), 'owner')
      if oldest ~= name and not (holder and holder ~= '' and lives(holder)) then
        if forget(oldest) == 1 then
          forgotten[#forgotten + 1] = oldest
        end
        break
      end
    end
  end
end

local running, replies = {}, {}
local kept = redis.call('HGETALL', repliesOf(name))
for i = 1, #kept, 2 do
  local server = string.match(kept[i + 1], '^r(.*)')
  if not server then
    replies[#replies + 1] = kept[i]
    replies[#replies + 1] = kept[i + 1]
  elseif lives(server) or not isSettled then
    running[#running + 1] = kept[i]
  else
    redis.call('HDEL', repliesOf(name), kept[i])
  end
end
local taken, failed = unpack(redis.call('HMGET', key, 'taken', 'failed'))
return { known, count, taken, failed, forgotten, running, replies }
`;

/**
 * Writes what has changed of outboxes, and gives up those that are released. Returns what {@link PROLOGUE} has found of each. The
 * arguments of one are its name, claim, `taken`, `failed`, how long its replies are kept if it is released, how many replies are new
 * and how many are gone; then these.
 */
const SAVE = `
local function write(name, claim, taken, failed, release, i, added, gone)
  local result = check(name, claim)
  if result == 0 then
    return 0
  end
  local key = recordOf(name)
  redis.call('HSET', key, 'owner', me, 'claim', claim, 'run', run, 'taken', taken, 'failed', failed)
  redis.call('PEXPIRE', key, numberTtl)
  if added > 0 or gone > 0 then
    for n = i, i + 2 * added - 2, 2 do
      redis.call('HSET', repliesOf(name), ARGV[n], ARGV[n + 1])
    end
    for n = i + 2 * added, i + 2 * added + gone - 1 do
      redis.call('HDEL', repliesOf(name), ARGV[n])
    end
    redis.call('PEXPIRE', repliesOf(name), repliesTtl)
  end
  if release == '' or result == 2 then
    return result
  end
  touch(name, release)
  local wanted = redis.call('HGET', key, 'wanted')
  redis.call('HSET', key, 'owner', '')
  if wanted then
    redis.call('HDEL', key, 'wanted')
    tell(wanted, 'free ' .. name)
  end
  return 1
end

local found, i = {}, 5
while i <= #ARGV do
  local added, gone = tonumber(ARGV[i + 5]), tonumber(ARGV[i + 6])
  found[#found + 1] = write(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], i + 7, added, gone)
  i = i + 7 + 2 * added + gone
end
return found
`;

/** Keeps the outboxes of this server, and returns what was found of each. */
const VERIFY = `
local found = {}
for i = 5, #ARGV, 2 do
  local result = check(ARGV[i], ARGV[i + 1])
  if result == 1 then
    touch(ARGV[i], repliesTtl)
  end
  found[#found + 1] = result
end
return found
`;

/** Nothing of an outbox counts any more. */
const FORGET = `
if check(ARGV[5], ARGV[6]) == 1 then
  forget(ARGV[5])
end
`;

/** This server gives up what Redis thinks that it has by a claim, or by an attempt at one. What it has claimed since stays. */
const FREE = `
local key, claim = recordOf(ARGV[5]), ARGV[6]
local owner, wanted, count, attempt = unpack(redis.call('HMGET', key, 'owner', 'wanted', 'claim', 'attempt'))
if owner == me and (count == claim or attempt == claim) then
  redis.call('HSET', key, 'owner', '')
  redis.call('HDEL', key, 'wanted')
  tell(wanted or me, 'free ' .. ARGV[5])
end
`;

/** A request has ended that was at work when its outbox was released. */
const REPLY = `
local name, id, reply = ARGV[5], ARGV[6], ARGV[7]
if redis.call('HGET', repliesOf(name), id) == 'r' .. me then
  redis.call('HSET', repliesOf(name), id, reply)
  local owner = redis.call('HGET', recordOf(name), 'owner')
  if owner and owner ~= '' then
    tell(owner, 'reply ' .. name)
  end
end
`;

/** Returns the replies to requests that were at work at other servers; an empty one if nobody knows what became of it. */
const FETCH = `
local name, isSettled, found = ARGV[5], ARGV[6] == '1', {}
for i = 7, #ARGV do
  local reply = redis.call('HGET', repliesOf(name), ARGV[i])
  local server = reply and string.match(reply, '^r(.*)')
  if not server or (isSettled and not lives(server)) then
    found[#found + 1] = ARGV[i]
    found[#found + 1] = not server and reply or ''
  end
end
return found
`;

/** The client does not wait for a request that is at work at another server. */
const ABORT = `
local name, id = ARGV[5], ARGV[6]
local server = string.match(redis.call('HGET', repliesOf(name), id) or '', '^r(.*)')
redis.call('HDEL', repliesOf(name), id)
if server then
  tell(server, 'abort ' .. id .. ' ' .. name)
end
`;

/** Renews the lease of this server. Returns whether it had one. */
const RENEW = `
local had = lives(me)
redis.call('SET', base .. 'server:' .. me, '', 'PX', ARGV[5])
return had and 1 or 0
`;

/** This server has ended. */
const END = `
redis.call('DEL', base .. 'server:' .. me)
`;

/** The names of the scripts. */
export type SessionScript =
  | 'claim'
  | 'save'
  | 'verify'
  | 'forget'
  | 'free'
  | 'reply'
  | 'fetch'
  | 'abort'
  | 'renew'
  | 'end';

export const SESSION_SCRIPTS: Readonly<Record<SessionScript, string>> = {
  claim: PROLOGUE + CLAIM,
  save: PROLOGUE + SAVE,
  verify: PROLOGUE + VERIFY,
  forget: PROLOGUE + FORGET,
  free: PROLOGUE + FREE,
  reply: PROLOGUE + REPLY,
  fetch: PROLOGUE + FETCH,
  abort: PROLOGUE + ABORT,
  renew: PROLOGUE + RENEW,
  end: PROLOGUE + END,
};
