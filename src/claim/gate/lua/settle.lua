-- Shows the gate what the database says, unless it knows something newer; gives an attempt's ticket back.
-- KEYS[1]  the gate, KEYS[2] the tickets, as in enter.lua
-- ARGV[1]  the attempt, or '' ; ARGV[2] version, ARGV[3] seats taken (used and kept), ARGV[4] seats, ARGV[5] state,
-- ARGV[6]  until when claims are taken, ms; ARGV[7] for whom seats are kept, blinded, with spaces; ARGV[8] life, ms
-- Replies 1 when it was written, 0 when a newer or equal one stays, 2 when it said of the same version what is not so.
-- The caller owns nothing afterwards. Only a newer version prolongs the gate's life: a wrong gate ends by itself.
if ARGV[1] ~= '' then
  redis.call('ZREM', KEYS[2], ARGV[1])
end
local known = redis.call('HMGET', KEYS[1], 'ver', 'taken', 'slots', 'state')
local ver = known[1] and tonumber(known[1])
local wrong = known[1] == ARGV[2] and (known[2] ~= ARGV[3] or known[3] ~= ARGV[4] or known[4] ~= ARGV[5])
if ver and ver >= tonumber(ARGV[2]) and not wrong then
  return 0
end
redis.call('HSET', KEYS[1], 'ver', ARGV[2], 'taken', ARGV[3], 'slots', ARGV[4], 'state', ARGV[5], 'until', ARGV[6],
  'kept', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[8])
return wrong and 2 or 1
