-- Its rows are in proof_use.
DROP TABLE used_once;
