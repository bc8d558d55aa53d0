-- What sessions have done, for rules that ask for it: bits of the flags of the tools that were called. until: when it is forgotten, in microseconds since the Unix epoch.
CREATE TABLE session_flag (
    organisation TEXT NOT NULL,
    session      TEXT NOT NULL,
    flags        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    PRIMARY KEY (organisation, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_flag_age ON session_flag (until);
