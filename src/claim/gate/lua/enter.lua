-- Lets a first attempt through to the database, or says why it need not go there.
-- KEYS[1]  the gate: HASH ver, taken, slots, state, until, kept; absent: nothing is known
-- KEYS[2]  the tickets: ZSET of attempts that are inside, score = when each ends, ms of Redis' own clock
-- ARGV[1]  the attempt, ARGV[2] its person, both blinded; ARGV[3] now, ms of the house's clock
-- ARGV[4]  how many more than there are free seats may be inside, ARGV[5] life of a ticket, ms
-- Replies 0 nothing known, 1 closed, 2 full, 3 busy, 4 pass.
-- The caller owns a ticket after 4, until it settles or the ticket ends. The same attempt passes again.
local gate = redis.call('HMGET', KEYS[1], 'taken', 'slots', 'state', 'until', 'kept')
if not gate[1] then
  return 0
end
if gate[3] ~= 'open' or tonumber(ARGV[3]) >= tonumber(gate[4]) then
  return 1
end
-- For whom a seat is kept there is one, however full it looks.
if string.find(gate[5], ARGV[2], 1, true) then
  return 4
end
local free = tonumber(gate[2]) - tonumber(gate[1])
if free <= 0 then
  return 2
end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  return 4
end
if redis.call('ZCARD', KEYS[2]) >= free + tonumber(ARGV[4]) then
  return 3
end
redis.call('ZADD', KEYS[2], now + ARGV[5], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 4
