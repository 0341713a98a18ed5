-- Decisions on readings (lib/energy/decision.h) and what became of them. Append-only, both: what is approved, rejected or withdrawn is another row.
CREATE TABLE decision (
    decision_no INTEGER PRIMARY KEY AUTOINCREMENT,
    meter_no INTEGER NOT NULL REFERENCES point,
    channel INTEGER NOT NULL CHECK (channel > 0),
    action INTEGER NOT NULL CHECK (action BETWEEN 1 AND 4),
    from_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL CHECK (until_utc_ms > from_utc_ms),
    value_wh INTEGER,
    energy_wh INTEGER CHECK (energy_wh >= 0),
    before_wh INTEGER NOT NULL,
    after_wh INTEGER NOT NULL,
    needs_second INTEGER NOT NULL CHECK (needs_second IN (0, 1)),
    reason TEXT NOT NULL CHECK (reason <> ''),
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    CHECK ((action <= 2) = (value_wh IS NOT NULL)),
    CHECK (action <> 3 OR energy_wh IS NOT NULL)
) STRICT;
CREATE INDEX decision_meter ON decision (meter_no, decision_no);
CREATE INDEX decision_revision ON decision (revision, decision_no);

-- state as in enum decision_state: 1 approved, 2 rejected, 3 withdrawn. The last row holds.
CREATE TABLE decision_review (
    review_no INTEGER PRIMARY KEY AUTOINCREMENT,
    decision_no INTEGER NOT NULL REFERENCES decision,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
    note TEXT NOT NULL,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (decision_no, state)
) STRICT;
CREATE INDEX decision_review_revision ON decision_review (revision, decision_no);

CREATE TRIGGER decision_kept_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_kept_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_review_kept_update BEFORE UPDATE ON decision_review BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_review_kept_delete BEFORE DELETE ON decision_review BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

-- Each decision as it stands: with its last review, and the revision of its last change.
CREATE VIEW decision_now AS
SELECT d.*, p.meter_id,
       CASE WHEN r.state IS NOT NULL THEN r.state WHEN d.needs_second = 1 THEN 0 ELSE 1 END AS state,
       r.said_by AS reviewed_by, r.at_utc_ms AS reviewed_at_utc_ms, r.note,
       coalesce(r.revision, d.revision) AS changed_revision
FROM decision d
JOIN point p ON p.meter_no = d.meter_no
LEFT JOIN decision_review r ON r.review_no = (SELECT max(review_no) FROM decision_review WHERE decision_no = d.decision_no);
