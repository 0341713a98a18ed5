-- When what hangs at a point changed last: what its registers said before is judged anew then, by the maxima that hold now.
ALTER TABLE point ADD COLUMN device_revision INTEGER NOT NULL DEFAULT 0;
