-- Three more kinds of shops, and the connectors' own words no longer listed here: the list lives in
-- the program, where a wrong one cannot be written. SQLite cannot drop a CHECK, so the table is made anew.

CREATE TABLE shop_anew (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    zone         TEXT    NOT NULL,
    currency     TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    -- How the connector gets in, as JSON; it holds the shop's secret, so it never leaves this file.
    access       TEXT    NOT NULL,
    -- The key of the shop's own file. Forgetting it makes every copy of that file unreadable.
    file_key     BLOB    CHECK (file_key IS NULL OR length(file_key) = 32),
    capabilities TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    removed_at   INTEGER,
    -- A removed shop keeps its name for the reports and nothing that opens a door.
    CHECK ((removed_at IS NULL) = (file_key IS NOT NULL)),
    CHECK (removed_at IS NULL OR access = '')
) STRICT, WITHOUT ROWID;

INSERT INTO shop_anew (id, kind, name, address, zone, currency, language, access, file_key,
    capabilities, created_at, removed_at)
SELECT id, kind, name, address, zone, currency, language, access, file_key,
    capabilities, created_at, removed_at FROM shop;
DROP TABLE shop;
ALTER TABLE shop_anew RENAME TO shop;
