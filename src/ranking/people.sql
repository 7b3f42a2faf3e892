-- $4: the reader, who sees their own place whether or not they are named.
), placed AS (
    SELECT person_id, amount, corrected, RANK() OVER (ORDER BY amount DESC) AS place FROM earned
), named AS (
    SELECT placed.person_id, placed.amount, placed.corrected, placed.place, p.name, p.ranked
    FROM placed JOIN person p ON p.id = placed.person_id
    WHERE p.ranked OR p.id = $4
    ORDER BY CASE WHEN p.id = $4 THEN 0 ELSE 1 END, placed.place, p.id LIMIT 101
), totals AS (
    SELECT COUNT(*) AS people, CAST(COALESCE(SUM(amount), 0) AS bigint) AS total FROM earned
)
SELECT totals.people, totals.total, named.person_id, named.name, named.ranked, named.amount,
       CAST(named.corrected AS integer) AS corrected, CAST(named.place AS bigint) AS place
FROM totals LEFT JOIN named ON 1 = 1
ORDER BY named.place, named.person_id
