-- Readings lie in a part for each month. What no part takes goes to the default one, so no reading is ever refused.
CREATE TABLE readings_default PARTITION OF readings DEFAULT;

-- Make the part for the month that `moment` (UTC) lies in, unless it is there; rows that waited in the default part move into it.
-- Returns whether it was made. Two at once: the second waits, then finds it.
CREATE FUNCTION ensure_readings_month(moment timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    month timestamp := date_trunc('month', moment AT TIME ZONE 'UTC');
    from_at timestamptz := month AT TIME ZONE 'UTC';
    to_at timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
    part text := 'readings_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Waits for who writes, and for another who makes it. A row that was on its way into the default part would be refused.
    LOCK TABLE readings IN SHARE ROW EXCLUSIVE MODE;
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE readings INCLUDING ALL)', part);
    EXECUTE format(
        'WITH moved AS (DELETE FROM readings_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
        from_at, to_at, part);
    EXECUTE format('ALTER TABLE readings ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, from_at, to_at);
    RETURN true;
END
$$;
