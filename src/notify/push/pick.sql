UPDATE push SET state = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = $2, updated_at = $1
WHERE id IN (
  SELECT id FROM push WHERE state IN ('pending', 'retry') AND id IN (
    SELECT id FROM (
      SELECT id, lane, turn, next_at FROM (
        SELECT p.id, p.lane, p.next_at,
          row_number() OVER (PARTITION BY p.lane, p.org_id ORDER BY p.next_at, p.id) AS turn,
          row_number() OVER (PARTITION BY p.person_id ORDER BY p.lane, p.next_at, p.id) AS theirs
        FROM push p
        WHERE p.state IN ('pending', 'retry') AND p.next_at <= $1
          AND NOT EXISTS (SELECT 1 FROM push s WHERE s.person_id = p.person_id AND s.state = 'sending')
      ) ranked
      WHERE theirs = 1
      ORDER BY lane, turn, next_at, id
      LIMIT $3
    ) chosen
  )
