-- What a draft was worked out from beside its energy (wire/bill_inputs.h); an open bill has none. Drafts that are there get theirs by being made again.
ALTER TABLE bill ADD COLUMN terms TEXT;

INSERT INTO mark (meter_no, kind, from_utc_ms, until_utc_ms, generation)
SELECT meter_no, 1, (min(from_day) - 1) * 86400000, (max(until_day) + 1) * 86400000, 1 FROM bill WHERE state = 1 GROUP BY meter_no
ON CONFLICT (meter_no, kind) DO UPDATE SET from_utc_ms = min(from_utc_ms, excluded.from_utc_ms), until_utc_ms = max(until_utc_ms, excluded.until_utc_ms),
    generation = generation + 1;
