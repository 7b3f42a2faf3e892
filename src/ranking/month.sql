-- $1 month, $2 and $3 the org's subtree as a range of paths; $4 is the reader's own. The first lines of every ranking.
WITH belonging AS (
    SELECT m.person_id, m.org_id, m.kind
    FROM membership m JOIN org o ON o.id = m.org_id
    WHERE m.state = 'confirmed' AND o.path >= $2 AND o.path < $3
), claims AS (
    SELECT h.person_id, h.claim_id, SUM(h.minutes) AS minutes,
           MAX(CASE WHEN h.kind = 'correction' THEN 1 ELSE 0 END) AS corrected
    FROM hours_entry h
    WHERE h.period = $1 AND h.person_id IN (SELECT person_id FROM belonging)
    GROUP BY h.person_id, h.claim_id HAVING SUM(h.minutes) > 0
), earned AS (
