-- What a person said changes the hours that it is said of.
CREATE TRIGGER mark_rollups_insert AFTER INSERT ON corrections REFERENCING NEW TABLE AS now_is
  FOR EACH STATEMENT EXECUTE FUNCTION mark_rollups();
CREATE TRIGGER mark_rollups_update AFTER UPDATE ON corrections REFERENCING OLD TABLE AS was NEW TABLE AS now_is
  FOR EACH STATEMENT EXECUTE FUNCTION mark_rollups();
CREATE TRIGGER mark_rollups_delete AFTER DELETE ON corrections REFERENCING OLD TABLE AS was
  FOR EACH STATEMENT EXECUTE FUNCTION mark_rollups();

-- A change-over that counts tell goes from the last good piece before a run to the first one in it.
CREATE FUNCTION mark_rollups_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_marks (equipment_id, from_at, to_at)
  SELECT m.id, last.ended_at, coalesce((SELECT min(k.started_at) FROM counts k
      WHERE k.equipment_id = m.id AND k.started_at >= g.started_at AND k.good > 0), '2200-01-01')
  FROM changed g JOIN equipment m ON m.parent_id = g.equipment_id
  JOIN LATERAL (SELECT max(k.ended_at) AS ended_at FROM counts k WHERE k.equipment_id = m.id AND k.good > 0
      AND k.started_at < g.started_at AND k.started_at > g.started_at - interval '7 days') last ON last.ended_at IS NOT NULL
  WHERE NOT EXISTS (SELECT FROM tags t WHERE t.equipment_id = m.id AND t.active AND t.meaning = 'set_up');
  RETURN NULL;
END $$;

CREATE TRIGGER mark_change_insert AFTER INSERT ON runs REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_rollups_of_change();
CREATE TRIGGER mark_change_update AFTER UPDATE ON runs REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_rollups_of_change();
