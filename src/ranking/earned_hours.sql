SELECT person_id, CAST(SUM(minutes) AS bigint) AS amount, MAX(corrected) AS corrected
FROM claims GROUP BY person_id
