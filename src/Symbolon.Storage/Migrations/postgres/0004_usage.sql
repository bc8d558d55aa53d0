-- Counts of decided calls, made from the audit behind it. Days and hours are their first microsecond.
CREATE TABLE usage_mark (
    organisation text NOT NULL PRIMARY KEY,
    seq          bigint NOT NULL
);

CREATE TABLE usage_tool (
    organisation text NOT NULL,
    server       text NOT NULL,
    tool         text NOT NULL,
    day          bigint NOT NULL,
    allowed      bigint NOT NULL,
    refused      bigint NOT NULL,
    last_at      bigint NOT NULL,
    PRIMARY KEY (organisation, server, tool, day)
);

CREATE TABLE usage_token (
    organisation text NOT NULL,
    token        text NOT NULL,
    server       text NOT NULL,
    tool         text NOT NULL,
    calls        bigint NOT NULL,
    last_at      bigint NOT NULL,
    PRIMARY KEY (organisation, token, server, tool)
);

-- The empty code stands for calls that were allowed.
CREATE TABLE usage_decision (
    organisation text NOT NULL,
    hour         bigint NOT NULL,
    code         text NOT NULL,
    decisions    bigint NOT NULL,
    PRIMARY KEY (organisation, hour, code)
);
