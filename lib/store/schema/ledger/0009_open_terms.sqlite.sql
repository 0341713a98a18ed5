-- An open bill, too, stands beside what it was worked out from, so that it can be explained: those that are there get theirs by being made again.
INSERT INTO mark (meter_no, kind, from_utc_ms, until_utc_ms, generation)
SELECT meter_no, 1, (min(from_day) - 1) * 86400000, (max(until_day) + 1) * 86400000, 1 FROM bill WHERE state = 0 AND terms IS NULL GROUP BY meter_no
ON CONFLICT (meter_no, kind) DO UPDATE SET from_utc_ms = min(from_utc_ms, excluded.from_utc_ms), until_utc_ms = max(until_utc_ms, excluded.until_utc_ms),
    generation = generation + 1;
