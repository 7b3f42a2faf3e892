-- What the days of a month brought to the subtree of org $1, instants from $2 to $3 and civil dates from $4 to $5
-- (neither end is in it). Days of instants are counted from 1970-01-01 in Shanghai, eight hours ahead.
WITH below AS (
    SELECT o.id FROM org top JOIN org o ON o.path >= top.path AND o.path < RTRIM(top.path, '/') || '0'
    WHERE top.id = $1
)
SELECT 'requests' AS what, CAST((q.created_at + 28800000) / 86400000 AS TEXT) AS day, COUNT(*) AS n
FROM below b JOIN request q ON q.org_id = b.id AND q.created_at >= $2 AND q.created_at < $3
GROUP BY 2
UNION ALL
SELECT 'closed', CAST((q.closed_at + 28800000) / 86400000 AS TEXT), COUNT(*)
FROM below b JOIN request q ON q.org_id = b.id AND q.closed_at >= $2 AND q.closed_at < $3
WHERE q.state = 'closed'
GROUP BY 2
UNION ALL
SELECT 'minutes', h.served_on, CAST(SUM(h.minutes) AS BIGINT)
FROM below b JOIN hours_entry h ON h.org_id = b.id AND h.served_on >= $4 AND h.served_on < $5
GROUP BY 2
