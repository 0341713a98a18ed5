-- records.db: who and what there is, and what was decided about it (lib/store/records.h says what each means).
-- Instants are UTC milliseconds, days are days since 1970-01-01 in the meter's zone, an open end is NULL.
-- `revision` is the counter's value of the transaction that last changed the row.

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('revision', 1);

CREATE TABLE audit (
    audit_no INTEGER PRIMARY KEY AUTOINCREMENT,
    at_utc_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, audit_no);
CREATE TRIGGER audit_kept_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_kept_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TABLE point (
    meter_no INTEGER PRIMARY KEY AUTOINCREMENT,
    meter_id TEXT NOT NULL UNIQUE CHECK (length(meter_id) BETWEEN 1 AND 64),
    tz TEXT NOT NULL,
    district TEXT,
    feeder TEXT,
    latitude_udeg INTEGER CHECK (latitude_udeg BETWEEN -90000000 AND 90000000),
    longitude_udeg INTEGER CHECK (longitude_udeg BETWEEN -180000000 AND 180000000),
    label TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    phases INTEGER NOT NULL CHECK (phases BETWEEN 1 AND 3),
    volts INTEGER NOT NULL CHECK (volts BETWEEN 50 AND 1000),
    breaker_a INTEGER NOT NULL CHECK (breaker_a BETWEEN 1 AND 10000),
    reading_interval_s INTEGER NOT NULL CHECK (reading_interval_s BETWEEN 0 AND 86400),
    export_allowed INTEGER NOT NULL CHECK (export_allowed IN (0, 1)),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    auto_registered INTEGER NOT NULL CHECK (auto_registered IN (0, 1)),
    created_utc_ms INTEGER NOT NULL,
    updated_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    serial TEXT
) STRICT;
CREATE INDEX point_revision ON point (revision, meter_no);
CREATE INDEX point_state ON point (state, meter_id);
CREATE INDEX point_district ON point (district, meter_id);
CREATE INDEX point_feeder ON point (feeder, meter_id);

CREATE TABLE device (
    device_no INTEGER PRIMARY KEY AUTOINCREMENT,
    meter_no INTEGER NOT NULL REFERENCES point,
    serial TEXT NOT NULL,
    model TEXT NOT NULL DEFAULT '',
    register_max_wh INTEGER NOT NULL DEFAULT 0 CHECK (register_max_wh >= 0),
    installed_from_utc_ms INTEGER NOT NULL,
    installed_until_utc_ms INTEGER CHECK (installed_until_utc_ms > installed_from_utc_ms),
    UNIQUE (meter_no, installed_from_utc_ms)
) STRICT;
CREATE INDEX device_serial ON device (serial);

CREATE TABLE customer (
    customer_no INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    created_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    account_no INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id TEXT NOT NULL UNIQUE,
    customer_no INTEGER NOT NULL REFERENCES customer,
    meter_no INTEGER NOT NULL REFERENCES point,
    from_day INTEGER NOT NULL,
    until_day INTEGER CHECK (until_day > from_day),
    goal_minor INTEGER CHECK (goal_minor >= 0),
    created_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX account_customer ON account (customer_no);
CREATE INDEX account_meter ON account (meter_no, from_day);
CREATE INDEX account_revision ON account (revision, account_no);

-- What holds for an account from a day on, until the next row of the same term. value NULL: the default again.
CREATE TABLE account_term (
    account_no INTEGER NOT NULL REFERENCES account,
    term INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    value TEXT,
    PRIMARY KEY (account_no, term, from_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE cycle_group (
    group_id TEXT PRIMARY KEY,
    day_of_month INTEGER NOT NULL CHECK (day_of_month BETWEEN 1 AND 28),
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cycle_date (
    group_id TEXT NOT NULL REFERENCES cycle_group,
    day INTEGER NOT NULL,
    PRIMARY KEY (group_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO cycle_group (group_id, day_of_month, revision) VALUES ('day-1', 1, 1);

CREATE TABLE login (
    login_no INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 64),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
    web_hash TEXT,
    broker_hash TEXT,
    customer_no INTEGER REFERENCES customer,
    meter_no INTEGER UNIQUE REFERENCES point,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    CHECK ((kind = 3) = (customer_no IS NOT NULL)),
    CHECK ((kind = 4) = (meter_no IS NOT NULL))
) STRICT;
CREATE INDEX login_revision ON login (revision);
CREATE INDEX login_customer ON login (customer_no);

-- One space of names for meters and logins: the broker's ACL gives meters/<name>/... to whoever is called so.
CREATE TRIGGER login_name_of_meter BEFORE INSERT ON login
WHEN EXISTS (SELECT 1 FROM point WHERE meter_id = NEW.username AND meter_no IS NOT NEW.meter_no)
BEGIN SELECT RAISE(ABORT, 'a meter has this name'); END;
CREATE TRIGGER point_name_of_login BEFORE INSERT ON point
WHEN EXISTS (SELECT 1 FROM login WHERE username = NEW.meter_id)
BEGIN SELECT RAISE(ABORT, 'a login has this name'); END;
CREATE TRIGGER login_name_fixed BEFORE UPDATE OF username, meter_no ON login
BEGIN SELECT RAISE(ABORT, 'a login keeps its name'); END;
CREATE TRIGGER point_name_fixed BEFORE UPDATE OF meter_id ON point
BEGIN SELECT RAISE(ABORT, 'a meter keeps its name'); END;

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    login_no INTEGER NOT NULL REFERENCES login,
    csrf TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    expires_utc_ms INTEGER NOT NULL,
    last_seen_utc_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_login ON session (login_no, created_utc_ms);
CREATE INDEX session_expires ON session (expires_utc_ms);

CREATE TABLE token (
    token_id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    login_no INTEGER NOT NULL REFERENCES login,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    expires_utc_ms INTEGER,
    revoked_utc_ms INTEGER,
    last_used_utc_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX token_login ON token (login_no, token_id);

CREATE TABLE idempotency (
    login_no INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER,
    body BLOB,
    created_utc_ms INTEGER NOT NULL,
    PRIMARY KEY (login_no, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created_utc_ms);

-- Every document of a tariff is kept; `tariff` names the present one.
CREATE TABLE tariff_document (
    tariff_id TEXT NOT NULL,
    version_hash TEXT NOT NULL,
    document TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tariff_id, version_hash)
) STRICT;
CREATE TABLE tariff (
    tariff_id TEXT PRIMARY KEY,
    version_hash TEXT NOT NULL,
    revision INTEGER NOT NULL,
    FOREIGN KEY (tariff_id, version_hash) REFERENCES tariff_document
) STRICT, WITHOUT ROWID;
CREATE INDEX tariff_revision ON tariff (revision);

CREATE TABLE rule (
    rule_no INTEGER PRIMARY KEY AUTOINCREMENT,
    meter_no INTEGER NOT NULL REFERENCES point,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    valid_from_utc_ms INTEGER NOT NULL,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX rule_meter ON rule (meter_no, kind, valid_from_utc_ms, rule_no);

CREATE TABLE acknowledgement (
    ack_no INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX acknowledgement_alert ON acknowledgement (alert_id, ack_no);

CREATE TABLE request (
    request_no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    params TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
    result TEXT NOT NULL DEFAULT '',
    said_by TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    finished_utc_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX request_new ON request (request_no) WHERE state = 0;

CREATE TABLE claim (
    serial TEXT PRIMARY KEY,
    code_hash TEXT NOT NULL,
    model TEXT NOT NULL,
    meter_no INTEGER REFERENCES point,
    claimed_utc_ms INTEGER NOT NULL DEFAULT 0,
    created_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    setting_no INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from_utc_ms INTEGER NOT NULL,
    said_by TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX setting_name ON setting (name, valid_from_utc_ms, setting_no);

-- Append-only, as decisions are.
CREATE TRIGGER rule_kept BEFORE UPDATE ON rule BEGIN SELECT RAISE(ABORT, 'rules are append-only'); END;
CREATE TRIGGER acknowledgement_kept BEFORE UPDATE ON acknowledgement BEGIN SELECT RAISE(ABORT, 'acknowledgements are append-only'); END;
CREATE TRIGGER setting_kept BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'settings are append-only'); END;
CREATE TRIGGER tariff_document_kept BEFORE UPDATE ON tariff_document BEGIN SELECT RAISE(ABORT, 'tariff documents are append-only'); END;

-- Issued bills come with their own migration (document, account_no, number, negates, tariff version_hash).
