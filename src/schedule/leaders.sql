-- Leaders' grants after $1, at most $2, with what their subtree did: $3 to $4 as instants (the end is not in it), $5 to
-- $6 as civil dates (the end is not in it); and what is past its promise at $4. The same SQL on both databases.
WITH reach AS (
    SELECT g.id, g.person_id, g.org_id, o.name, o.path AS first, RTRIM(o.path, '/') || '0' AS last
    FROM role_grant g JOIN org o ON o.id = g.org_id
    WHERE g.role = 'leader' AND g.revoked_at IS NULL AND g.id > $1
    ORDER BY g.id LIMIT $2
), below AS (
    SELECT r.id AS grant_id, o.id AS org_id
    FROM reach r JOIN org o ON o.path >= r.first AND o.path < r.last
)
SELECT r.id, r.person_id, r.org_id, r.name,
    (SELECT COUNT(*) FROM below b JOIN request q ON q.org_id = b.org_id
     WHERE b.grant_id = r.id AND q.created_at >= $3 AND q.created_at < $4) AS requests,
    (SELECT COUNT(*) FROM below b JOIN task t ON t.org_id = b.org_id
     WHERE b.grant_id = r.id AND t.state IN ('open', 'reported', 'confirmed')
       AND t.starts_at >= $3 AND t.starts_at < $4) AS tasks,
    (SELECT COUNT(*) FROM below b JOIN task t ON t.org_id = b.org_id JOIN claim c ON c.task_id = t.id
     WHERE b.grant_id = r.id AND c.claimed_at >= $3 AND c.claimed_at < $4) AS claims,
    (SELECT CAST(COALESCE(SUM(h.minutes), 0) AS BIGINT) FROM below b JOIN hours_entry h ON h.org_id = b.org_id
     WHERE b.grant_id = r.id AND h.served_on >= $5 AND h.served_on < $6) AS minutes,
    (SELECT COUNT(*) FROM below b JOIN request q ON q.org_id = b.org_id
     WHERE b.grant_id = r.id AND q.due_at <= $4) AS late
FROM reach r ORDER BY r.id
