-- How many readings of a closed local day were expected, and how many there are (store/completeness.h): one row per meter and day.
CREATE TABLE completeness (
    meter_no INTEGER NOT NULL,
    local_day INTEGER NOT NULL,
    interval_s INTEGER NOT NULL,       -- the reading interval that held
    expected INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (meter_no, local_day)
) WITHOUT ROWID;

-- Days that are closed already get theirs with their checks (kind 2), as if they had changed: from a day before the first to a day behind the last.
INSERT INTO mark (meter_no, kind, from_utc_ms, until_utc_ms, generation)
SELECT meter_no, 2, (min(local_day) - 1) * 86400000, (max(local_day) + 2) * 86400000, 1 FROM day WHERE true GROUP BY meter_no
ON CONFLICT (meter_no, kind) DO UPDATE SET from_utc_ms = min(from_utc_ms, excluded.from_utc_ms), until_utc_ms = max(until_utc_ms, excluded.until_utc_ms),
    generation = generation + 1;
