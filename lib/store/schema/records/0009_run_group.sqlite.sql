-- A bill run may be of one cycle group alone. NULL: of all.
ALTER TABLE bill_run ADD COLUMN cycle_group TEXT;
