-- Whatever is good for one time is in one table: proofs, assertions, codes. What was used stays used.
INSERT INTO proof_use (organisation, proof, expires_at, id) SELECT organisation, value, expires_at, uuid_send(gen_random_uuid()) FROM used_once ON CONFLICT DO NOTHING;
