-- Tasks that changed since $1 whose counters are not the counts: seats used are claims that hold one, seats kept are
-- live offers that keep one. One statement, so that nobody changes anything in between.
SELECT id, ver FROM task
WHERE updated_at >= $1 AND (
  used <> (SELECT COUNT(*) FROM claim WHERE claim.task_id = task.id AND claim.state NOT IN ('released', 'cancelled'))
  OR held <> (SELECT COUNT(*) FROM offer
    WHERE offer.task_id = task.id AND offer.state = 'live' AND offer.kind <> 'hand_over')
)
ORDER BY id
LIMIT 200
