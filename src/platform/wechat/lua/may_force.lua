-- Lets one forced refresh of the access token through, if it is rare enough; WeChat allows 20 a day to all replicas.
-- KEYS[1]  when the last one was, while it keeps others away; KEYS[2] how many there were in these 24 hours
-- ARGV[1]  ms between two; ARGV[2] how many a day; ARGV[3] ms a count lives
-- Replies 1 when the caller may force now, else 0.
-- The caller owns the right to force once; it is counted already.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[2]) then
  return 0
end
if redis.call('INCR', KEYS[2]) == 1 then
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return 1
