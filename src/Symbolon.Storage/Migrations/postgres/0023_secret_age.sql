-- How old a value is; of those that were stored before this nobody knows.
ALTER TABLE secret ADD COLUMN stored_at bigint;
