-- Org $1 and, where $6 is 1, the orgs right below it, each with all that lies in its subtree: instants from $2 to $3,
-- civil dates from $4 to $5 (neither end is in it), and what is past its promise at $7. The same SQL on both databases.
WITH parts AS (
    SELECT id, name, path AS first, RTRIM(path, '/') || '0' AS last
    FROM org WHERE id = $1 OR (parent_id = $1 AND $6 = 1)
), below AS (
    SELECT p.id AS part, o.id AS org_id FROM parts p JOIN org o ON o.path >= p.first AND o.path < p.last
), asked AS (
    SELECT b.part, COUNT(*) AS requests,
        SUM(CASE WHEN EXISTS (
            SELECT 1 FROM event e WHERE e.request_id = q.id AND e.at <= q.first_answer_due AND e.kind IN (
                'request.asked', 'request.declined', 'request.dispatched', 'request.merged', 'request.passed',
                'request.referred')
        ) THEN 1 ELSE 0 END) AS answered_in_time,
        SUM(CASE WHEN q.due_at <= $7 THEN 1 ELSE 0 END) AS overdue
    FROM below b JOIN request q ON q.org_id = b.org_id AND q.created_at >= $2 AND q.created_at < $3
    GROUP BY b.part
), ended AS (
    SELECT b.part, COUNT(*) AS closed, SUM(CASE WHEN q.unconfirmed THEN 1 ELSE 0 END) AS unconfirmed
    FROM below b JOIN request q ON q.org_id = b.org_id AND q.closed_at >= $2 AND q.closed_at < $3
    WHERE q.state = 'closed'
    GROUP BY b.part
), said AS (
    SELECT b.part, COUNT(*) AS answers, CAST(AVG(a.stars) AS DOUBLE PRECISION) AS stars_average,
        SUM(CASE WHEN a.verdict <> 'done' THEN 1 ELSE 0 END) AS reopened
    FROM answer a JOIN request q ON q.id = a.request_id JOIN below b ON b.org_id = q.org_id
    WHERE a.created_at >= $2 AND a.created_at < $3
    GROUP BY b.part
), planned AS (
    SELECT b.part, COUNT(*) AS tasks, SUM(t.slots) AS slots, SUM(t.used) AS filled
    FROM below b JOIN task t ON t.org_id = b.org_id AND t.starts_at >= $2 AND t.starts_at < $3
    WHERE t.state IN ('open', 'reported', 'confirmed')
    GROUP BY b.part
), missed AS (
    SELECT b.part, COUNT(*) AS no_shows
    FROM below b JOIN absence n ON n.org_id = b.org_id AND n.missed_at >= $2 AND n.missed_at < $3
    WHERE NOT n.excused
    GROUP BY b.part
), served AS (
    SELECT b.part, COUNT(DISTINCT h.person_id) AS people, SUM(h.minutes) AS minutes,
        SUM(CASE WHEN h.kind = 'correction' THEN h.minutes ELSE 0 END) AS corrected_minutes
    FROM below b JOIN hours_entry h ON h.org_id = b.org_id AND h.served_on >= $4 AND h.served_on < $5
    GROUP BY b.part
), shown AS (
    SELECT b.part, COUNT(*) AS stories
    FROM below b JOIN story s ON s.org_id = b.org_id AND s.published_at >= $2 AND s.published_at < $3
    WHERE s.state = 'published'
    GROUP BY b.part
)
SELECT p.id, p.name,
    COALESCE(requests, 0) AS requests, COALESCE(answered_in_time, 0) AS answered_in_time,
    COALESCE(overdue, 0) AS overdue, COALESCE(closed, 0) AS closed, COALESCE(unconfirmed, 0) AS unconfirmed,
    COALESCE(answers, 0) AS answers, COALESCE(reopened, 0) AS reopened, stars_average,
    COALESCE(tasks, 0) AS tasks, CAST(COALESCE(slots, 0) AS BIGINT) AS slots,
    CAST(COALESCE(filled, 0) AS BIGINT) AS filled, COALESCE(no_shows, 0) AS no_shows,
    COALESCE(people, 0) AS people, CAST(COALESCE(minutes, 0) AS BIGINT) AS minutes,
    CAST(COALESCE(corrected_minutes, 0) AS BIGINT) AS corrected_minutes, COALESCE(stories, 0) AS stories
FROM parts p
LEFT JOIN asked ON asked.part = p.id LEFT JOIN ended ON ended.part = p.id LEFT JOIN said ON said.part = p.id
LEFT JOIN planned ON planned.part = p.id LEFT JOIN missed ON missed.part = p.id
LEFT JOIN served ON served.part = p.id LEFT JOIN shown ON shown.part = p.id
ORDER BY p.name, p.id
