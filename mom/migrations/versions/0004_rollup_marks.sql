-- Who changes a row that figures are made of says so, in the same transaction, for the range of the row as it was and
-- as it is. Marks are only ever added here: nobody waits for anybody.
CREATE FUNCTION mark_rollups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT equipment_id, min(started_at), max(coalesce(ended_at, '2200-01-01')) FROM was GROUP BY equipment_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT equipment_id, min(started_at), max(coalesce(ended_at, '2200-01-01')) FROM now_is GROUP BY equipment_id;
  END IF;
  RETURN NULL;
END $$;

-- When no order was on a line follows from the end of one run to the start of the next: a run touches all of it.
CREATE FUNCTION mark_rollups_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT g.equipment_id, min(g.started_at), max(coalesce((SELECT min(n.started_at) FROM runs n
        WHERE n.equipment_id = g.equipment_id AND n.superseded_at IS NULL AND n.started_at > g.started_at), '2200-01-01'))
    FROM was g GROUP BY g.equipment_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT g.equipment_id, min(g.started_at), max(coalesce((SELECT min(n.started_at) FROM runs n
        WHERE n.equipment_id = g.equipment_id AND n.superseded_at IS NULL AND n.started_at > g.started_at), '2200-01-01'))
    FROM now_is g GROUP BY g.equipment_id;
  END IF;
  RETURN NULL;
END $$;

-- A gap is a connector's, or one tag's: it touches the machines whose pieces it counts.
CREATE FUNCTION mark_rollups_of_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT DISTINCT t.equipment_id, g.started_at, coalesce(g.ended_at, '2200-01-01') FROM was g
    JOIN tags t ON t.site_id = g.site_id AND t.connector = g.connector AND (g.tag_id IS NULL OR g.tag_id = t.id)
    WHERE t.meaning IN ('produced', 'good');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO rollup_marks (equipment_id, from_at, to_at)
    SELECT DISTINCT t.equipment_id, g.started_at, coalesce(g.ended_at, '2200-01-01') FROM now_is g
    JOIN tags t ON t.site_id = g.site_id AND t.connector = g.connector AND (g.tag_id IS NULL OR g.tag_id = t.id)
    WHERE t.meaning IN ('produced', 'good');
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  name text;
  teller text;
BEGIN
  FOREACH name IN ARRAY ARRAY['state_intervals', 'stops', 'counts', 'runs', 'gaps'] LOOP
    teller := CASE name WHEN 'gaps' THEN 'mark_rollups_of_gap' WHEN 'runs' THEN 'mark_rollups_of_run'
      ELSE 'mark_rollups' END;
    EXECUTE format('CREATE TRIGGER mark_rollups_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS now_is
      FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
    EXECUTE format('CREATE TRIGGER mark_rollups_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS was
      NEW TABLE AS now_is FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
    EXECUTE format('CREATE TRIGGER mark_rollups_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS was
      FOR EACH STATEMENT EXECUTE FUNCTION %I()', name, teller);
  END LOOP;
END $$;
