-- Price series that tariffs ask for: each price holds from its instant until the next column's. Loaded again, a price replaces the one of that instant.
CREATE TABLE series (
    series_id TEXT PRIMARY KEY,
    loaded_utc_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX series_revision ON series (revision);

CREATE TABLE series_price (
    series_id TEXT NOT NULL REFERENCES series,
    from_utc_ms INTEGER NOT NULL,
    until_utc_ms INTEGER NOT NULL CHECK (until_utc_ms > from_utc_ms),
    price_nano INTEGER NOT NULL,
    PRIMARY KEY (series_id, from_utc_ms)
) STRICT, WITHOUT ROWID;
