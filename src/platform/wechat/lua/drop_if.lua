-- Removes a key while it still holds what the caller saw or wrote there.
-- KEYS[1]  the access token, or the lock of the one who fetches it
-- ARGV[1]  the sealed token that was refused, or the owner of the lock
-- Replies 1 when it was removed, 0 when somebody else's value stands there or none.
-- The caller owns nothing afterwards.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
