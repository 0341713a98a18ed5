-- The ingestor keeps the order of marks in memory; the index cost every reading a write.
DROP INDEX mark_newest;
