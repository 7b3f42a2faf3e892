-- Counts one call against a caller's allowance (GCRA: one number per caller, the time at which all would be back).
-- KEYS[1]  the caller's number, under `rl:`
-- ARGV[1]  now, ms; ARGV[2] ms between two calls at the steady pace; ARGV[3] how far ahead the number may run, ms
-- Replies 0 when the call may go on, else the ms to wait.
-- The caller owns nothing afterwards: the number runs out by itself.
local now, pace, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local back = tonumber(redis.call('GET', KEYS[1]) or ARGV[1]) or now
-- Never behind now, and never further ahead than it can be: a clock that was wrong must not shut anybody out.
back = math.min(math.max(back, now), now + window)
local new = back + pace
if new - now > window then
  return math.ceil(new - now - window)
end
redis.call('SET', KEYS[1], string.format('%.3f', new), 'PX', math.ceil(new - now))
return 0
