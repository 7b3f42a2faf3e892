SELECT person_id, CAST(COUNT(*) AS bigint) AS amount, MAX(corrected) AS corrected
FROM claims GROUP BY person_id
