SELECT e.person_id, CAST(SUM(e.amount) AS bigint) AS amount,
       MAX(CASE WHEN e."trigger" = 'manual' THEN 1 ELSE 0 END) AS corrected
FROM points_entry e
WHERE e.period = $1 AND e.person_id IN (SELECT person_id FROM belonging)
GROUP BY e.person_id HAVING SUM(e.amount) > 0
