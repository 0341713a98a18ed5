-- Commands to meters (lib/store/records_command.h): who asked for what, and what became of it. states as in enum command_state.
CREATE TABLE command (
    command_no INTEGER PRIMARY KEY AUTOINCREMENT,
    command_id TEXT NOT NULL UNIQUE,
    meter_no INTEGER NOT NULL REFERENCES point,
    name TEXT NOT NULL,
    params TEXT NOT NULL,
    said_by TEXT NOT NULL,
    created_utc_ms INTEGER NOT NULL,
    expires_utc_ms INTEGER NOT NULL CHECK (expires_utc_ms > created_utc_ms),
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
    sent_utc_ms INTEGER NOT NULL DEFAULT 0,
    answered_utc_ms INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX command_meter ON command (meter_no, command_no);
CREATE INDEX command_queued ON command (command_no) WHERE state = 0;
