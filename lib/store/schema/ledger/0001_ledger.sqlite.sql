-- The ledger: facts, marks, everything derived, tail, outbox, positions. Written by the ingestor alone.

-- Names that repeat: a boot is a number inside the ledger.
CREATE TABLE boot (
    boot_no INTEGER PRIMARY KEY,
    meter_no INTEGER NOT NULL,
    boot TEXT NOT NULL,
    UNIQUE (meter_no, boot)
);

-- One row per channel of a reading. The key is what the meter said: a repetition is a key conflict, a contradiction a second row.
CREATE TABLE fact (
    meter_no INTEGER NOT NULL,
    ts_utc_ms INTEGER NOT NULL,
    channel INTEGER NOT NULL,          -- OBIS C*10000 + D*100 + E
    kind INTEGER NOT NULL,             -- 0 register, 1 interval that ends at ts
    length_s INTEGER NOT NULL,         -- 0 for registers
    value_wh INTEGER NOT NULL,
    received_lag_ms INTEGER NOT NULL,  -- receipt time - ts
    flags INTEGER NOT NULL,
    boot_no INTEGER,                   -- of the reading that brought it first
    seq INTEGER,
    power_w INTEGER,                   -- on the reading's first channel only
    electrical BLOB,                   -- voltages, currents, power factors, frequency; the first channel only
    PRIMARY KEY (meter_no, ts_utc_ms, channel, kind, length_s, value_wh)
) WITHOUT ROWID;

CREATE TABLE channel (
    meter_no INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    PRIMARY KEY (meter_no, channel)
) WITHOUT ROWID;

-- What the neighbours say of a fact; a fact without a row is accepted.
CREATE TABLE judgement (
    meter_no INTEGER NOT NULL,
    ts_utc_ms INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    length_s INTEGER NOT NULL,
    value_wh INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    PRIMARY KEY (meter_no, ts_utc_ms, channel, kind, length_s, value_wh)
) WITHOUT ROWID;

CREATE TABLE refusal (
    refusal_id INTEGER PRIMARY KEY AUTOINCREMENT,
    received_utc_ms INTEGER NOT NULL,
    meter_no INTEGER,
    meter_id TEXT NOT NULL,
    verdict INTEGER NOT NULL,
    detail TEXT NOT NULL,
    ts_utc_ms INTEGER,
    seq INTEGER,
    payload BLOB
);
CREATE INDEX refusal_by_meter ON refusal (meter_no, refusal_id);

-- Readings of names that nobody registered yet.
CREATE TABLE unclaimed (
    meter_id TEXT NOT NULL,
    unclaimed_no INTEGER NOT NULL,
    received_utc_ms INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (meter_id, unclaimed_no)
) WITHOUT ROWID;
CREATE INDEX unclaimed_by_age ON unclaimed (received_utc_ms);

CREATE TABLE event (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    meter_no INTEGER NOT NULL,
    ts_utc_ms INTEGER NOT NULL,
    received_utc_ms INTEGER NOT NULL,
    event TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (meter_no, ts_utc_ms, event, document)
);

CREATE TABLE receipt (
    meter_no INTEGER NOT NULL,
    boot TEXT NOT NULL,
    done_seq INTEGER NOT NULL,
    top_seq INTEGER NOT NULL,
    given_up INTEGER NOT NULL,
    holes TEXT NOT NULL,
    updated_utc_ms INTEGER NOT NULL,
    PRIMARY KEY (meter_no, boot)
) WITHOUT ROWID;

CREATE TABLE status (
    meter_no INTEGER PRIMARY KEY,
    online INTEGER NOT NULL,
    changed_utc_ms INTEGER NOT NULL,
    serial TEXT NOT NULL,
    firmware TEXT NOT NULL,
    boot TEXT NOT NULL
);

CREATE TABLE mark (
    meter_no INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    from_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (meter_no, kind)
) WITHOUT ROWID;
CREATE INDEX mark_newest ON mark (until_utc_ms DESC);

CREATE TABLE number (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- Quarter-hours, packed: one row per channel and local day (energy/quarter.h), with its totals beside.
CREATE TABLE day (
    meter_no INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    local_day INTEGER NOT NULL,
    start_utc_ms INTEGER NOT NULL,
    slot_count INTEGER NOT NULL,
    wh INTEGER NOT NULL,
    measured INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    partial INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    edited INTEGER NOT NULL,
    slots BLOB NOT NULL,
    PRIMARY KEY (meter_no, channel, local_day)
) WITHOUT ROWID;

CREATE TABLE bill (
    bill_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    meter_no INTEGER NOT NULL,
    state INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    as_of_utc_ms INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX bill_by_meter ON bill (meter_no, from_day);
CREATE INDEX bill_by_day ON bill (from_day, bill_id);

CREATE TABLE alert (
    alert_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    subject_id TEXT NOT NULL,
    meter_no INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    state INTEGER NOT NULL,
    since_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL,
    updated_utc_ms INTEGER NOT NULL,
    value INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    message_pt_br TEXT NOT NULL,
    message_en TEXT NOT NULL,
    published INTEGER NOT NULL,
    document TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX alert_by_meter ON alert (meter_no, since_utc_ms);
CREATE INDEX alert_by_state ON alert (state, since_utc_ms);
CREATE INDEX alert_by_since ON alert (since_utc_ms, alert_id);

-- What just happened, for live readers; pruned to ten minutes.
CREATE TABLE tail (
    tail_seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_utc_ms INTEGER NOT NULL,
    meter_no INTEGER NOT NULL,
    meter_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    data BLOB NOT NULL
);

CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    retained INTEGER NOT NULL,
    not_before_utc_ms INTEGER NOT NULL
);
