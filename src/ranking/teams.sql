-- $4: how many people a team has at least to be shown.
), teams AS (
    SELECT b.org_id, COUNT(*) AS people, SUM(earned.amount) AS amount, MAX(earned.corrected) AS corrected
    FROM belonging b JOIN earned ON earned.person_id = b.person_id
    WHERE b.kind = 'home_branch'
    GROUP BY b.org_id HAVING COUNT(*) >= $4
)
SELECT teams.org_id, o.name, teams.people, CAST(teams.amount AS bigint) AS amount,
       CAST(teams.corrected AS integer) AS corrected,
       CAST(RANK() OVER (ORDER BY teams.amount DESC) AS bigint) AS place
FROM teams JOIN org o ON o.id = teams.org_id
ORDER BY place, teams.org_id LIMIT 100
