-- Puts a task's card, unless a newer one is there.
-- KEYS[1]  the card
-- ARGV[1]  version of the card, ARGV[2] its JSON, ARGV[3] life in seconds
-- Replies 1 when it was put, 0 when a newer or equal one stays.
-- The caller owns nothing afterwards: the card is a copy, SQL has the truth.
local known = redis.call('GET', KEYS[1])
if known then
  local ver = tonumber(string.match(known, '^(%d+)|'))
  if ver and ver >= tonumber(ARGV[1]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1] .. '|' .. ARGV[2], 'EX', ARGV[3])
return 1
