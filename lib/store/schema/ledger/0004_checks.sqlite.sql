-- What the checks over time say of a closed local day (energy/check.h): one row per meter and day. `found`: bit i stands for check i.
CREATE TABLE check_day (
    meter_no INTEGER NOT NULL,
    local_day INTEGER NOT NULL,
    found INTEGER NOT NULL,
    results BLOB NOT NULL,
    PRIMARY KEY (meter_no, local_day)
) WITHOUT ROWID;
CREATE INDEX check_day_found ON check_day (local_day, meter_no) WHERE found <> 0;
