-- Whether a node hears what the others commit, and is heard: as long as one is not, all ask the database more often.
-- readable-by: 2
ALTER TABLE nodes ADD COLUMN is_heard BIGINT NOT NULL DEFAULT 0;
