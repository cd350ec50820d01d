"""What was measured before there were means of it gets them too: its days are touched, and nobody is woken."""

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
TOUCH = """
INSERT INTO touched (site_id, equipment_id, from_at, to_at, wakes)
SELECT t.site_id, t.equipment_id, day, least(day + interval '1 day', max(told.until)), false
FROM tags t
CROSS JOIN LATERAL (
  SELECT min(r.at) AS since,
    least(max(r.at), (SELECT min(m.at) FROM signal_means m WHERE m.tag_id = t.id)) AS until
  FROM readings r WHERE r.tag_id = t.id) told
CROSS JOIN LATERAL generate_series(
  date_trunc('day', told.since, 'UTC'), told.until, interval '1 day') day
WHERE t.active AND t.meaning IN ('signal', 'speed', 'energy') AND t.config ->> 'type' <> 'text'
  AND told.since < coalesce((SELECT min(m.at) FROM signal_means m WHERE m.tag_id = t.id), 'infinity')
GROUP BY t.site_id, t.equipment_id, day
ORDER BY day, t.equipment_id
"""


def upgrade() -> None:
    op.execute(TOUCH)
