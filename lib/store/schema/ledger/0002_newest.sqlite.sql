-- For lists of what was refused and of what the neighbours said, newest first: over all meters, of one verdict, of one meter.

CREATE INDEX judgement_by_ts ON judgement (ts_utc_ms, meter_no, channel, kind, length_s, value_wh, verdict);
CREATE INDEX judgement_by_verdict ON judgement (verdict, ts_utc_ms, meter_no, channel, kind, length_s, value_wh);

CREATE INDEX refusal_by_received ON refusal (received_utc_ms, refusal_id, verdict);
DROP INDEX refusal_by_meter;
CREATE INDEX refusal_by_meter ON refusal (meter_no, received_utc_ms, refusal_id, verdict);
