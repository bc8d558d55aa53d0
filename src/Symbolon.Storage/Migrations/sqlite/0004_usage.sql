-- Counts of decided calls, made from the audit behind it. Days and hours are their first microsecond.
CREATE TABLE usage_mark (
    organisation TEXT NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_tool (
    organisation TEXT NOT NULL,
    server       TEXT NOT NULL,
    tool         TEXT NOT NULL,
    day          INTEGER NOT NULL,
    allowed      INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation, server, tool, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_token (
    organisation TEXT NOT NULL,
    token        TEXT NOT NULL,
    server       TEXT NOT NULL,
    tool         TEXT NOT NULL,
    calls        INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation, token, server, tool)
) STRICT, WITHOUT ROWID;

-- The empty code stands for calls that were allowed.
CREATE TABLE usage_decision (
    organisation TEXT NOT NULL,
    hour         INTEGER NOT NULL,
    code         TEXT NOT NULL,
    decisions    INTEGER NOT NULL,
    PRIMARY KEY (organisation, hour, code)
) STRICT, WITHOUT ROWID;
