-- Bill runs and issued bills (lib/store/records_issue.h). What is issued is never changed: a correction is another row that says which one it negates.

CREATE TABLE bill_run (
    run_no INTEGER PRIMARY KEY AUTOINCREMENT,
    until_day INTEGER NOT NULL,
    meter_no INTEGER REFERENCES point,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    whole INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Written with the run, then only `released_by` and `number` once each.
CREATE TABLE bill_run_item (
    run_no INTEGER NOT NULL REFERENCES bill_run,
    item_no INTEGER NOT NULL,
    bill_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    meter_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    gates INTEGER NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    negates INTEGER,
    before_minor INTEGER NOT NULL,
    draft_hash TEXT NOT NULL,
    released_by TEXT,
    released_reason TEXT,
    number INTEGER REFERENCES issued_bill,
    stale INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_no, item_no),
    UNIQUE (run_no, bill_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE issued_bill (
    number INTEGER PRIMARY KEY,
    bill_id TEXT NOT NULL,
    edition INTEGER NOT NULL CHECK (edition >= 1),
    negates INTEGER REFERENCES issued_bill,
    run_no INTEGER NOT NULL REFERENCES bill_run,
    account_id TEXT NOT NULL,
    meter_no INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    difference_minor INTEGER NOT NULL,
    draft TEXT NOT NULL,
    document TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (bill_id, edition),
    CHECK ((edition = 1) = (negates IS NULL))
) STRICT;
CREATE INDEX issued_bill_meter ON issued_bill (meter_no, from_day);
CREATE INDEX issued_bill_account ON issued_bill (account_id, from_day);

-- What is known of a payment: the last row holds.
CREATE TABLE bill_payment (
    payment_no INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL REFERENCES issued_bill,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    pix_code TEXT NOT NULL,
    boleto_code TEXT NOT NULL,
    reference TEXT NOT NULL,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX bill_payment_number ON bill_payment (number, payment_no);

CREATE TRIGGER issued_bill_kept_update BEFORE UPDATE ON issued_bill BEGIN SELECT RAISE(ABORT, 'issued bills are never changed'); END;
CREATE TRIGGER issued_bill_kept_delete BEFORE DELETE ON issued_bill BEGIN SELECT RAISE(ABORT, 'issued bills are never changed'); END;
CREATE TRIGGER issued_bill_numbered BEFORE INSERT ON issued_bill
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM issued_bill)
BEGIN SELECT RAISE(ABORT, 'bills are numbered without holes'); END;
CREATE TRIGGER bill_payment_kept_update BEFORE UPDATE ON bill_payment BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
CREATE TRIGGER bill_payment_kept_delete BEFORE DELETE ON bill_payment BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
