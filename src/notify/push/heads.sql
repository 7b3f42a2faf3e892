-- The first waiting message of each lane and org: one step down the index for each, however many wait behind it.
-- `next_at` may lie ahead. The next org of the lane and the first of the next lane are two steps: compared as a pair,
-- SQLite would read the whole lane.
WITH RECURSIVE head AS (
  SELECT lane, org_id, next_at FROM push WHERE id = (
    SELECT id FROM push WHERE state IN ('pending', 'retry') ORDER BY lane, org_id, next_at, id LIMIT 1
  )
  UNION ALL
  SELECT push.lane, push.org_id, push.next_at FROM head JOIN push ON push.id = COALESCE((
    SELECT beside.id FROM push AS beside
    WHERE beside.state IN ('pending', 'retry') AND beside.lane = head.lane AND beside.org_id > head.org_id
    ORDER BY beside.lane, beside.org_id, beside.next_at, beside.id LIMIT 1
  ), (
    SELECT after.id FROM push AS after
    WHERE after.state IN ('pending', 'retry') AND after.lane > head.lane
    ORDER BY after.lane, after.org_id, after.next_at, after.id LIMIT 1
  ))
)
SELECT lane, org_id, next_at FROM head
ORDER BY lane, org_id
