-- What was asked for in the subtree of org $1 from $2 to $3 (the end is not in it), and how much of it is closed by now.
WITH below AS (
    SELECT o.id FROM org top JOIN org o ON o.path >= top.path AND o.path < RTRIM(top.path, '/') || '0'
    WHERE top.id = $1
)
SELECT q.category, COUNT(*) AS requests, SUM(CASE WHEN q.state = 'closed' THEN 1 ELSE 0 END) AS closed
FROM below b JOIN request q ON q.org_id = b.id AND q.created_at >= $2 AND q.created_at < $3
GROUP BY q.category
ORDER BY 2 DESC, 1
LIMIT 20
