-- The facts of a meter's long past UTC days, packed (store/sqlite/seal_pack.h). A day's facts are all here or all in `fact`.
CREATE TABLE sealed (
    meter_no INTEGER NOT NULL,
    utc_day INTEGER NOT NULL,
    facts INTEGER NOT NULL,            -- how many
    mark INTEGER NOT NULL,             -- of `packed`: finds damage, and tells one packing from another
    packed BLOB NOT NULL,
    PRIMARY KEY (meter_no, utc_day)
) WITHOUT ROWID;
