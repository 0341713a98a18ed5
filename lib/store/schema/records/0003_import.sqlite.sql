-- Files of readings handed to the ingestor. A chunk is a ready batch, as it would come on meters/<meter_id>/readings; it goes when it is in the ledger.
CREATE TABLE import (
    import_no INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    said_by TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE import_chunk (
    chunk_no INTEGER PRIMARY KEY AUTOINCREMENT,
    import_no INTEGER NOT NULL REFERENCES import,
    meter_id TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX import_chunk_import ON import_chunk (import_no);
