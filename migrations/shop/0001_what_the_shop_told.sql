-- One client shop's file, first part: what the shop itself told us. All of it can be pulled again.
--
-- Times are milliseconds since 1970 in UTC. A shop's identities are its own text; ours are the
-- 16 bytes of a UUIDv7. Money is in minor units beside its currency.

PRAGMA application_id = 0x447A7653; -- "DzvS": another program's file is never taken for ours.

CREATE TABLE product (
    -- The search index points at this number, so it must survive VACUUM.
    row         INTEGER PRIMARY KEY,
    remote      TEXT    NOT NULL UNIQUE,
    sku         TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    -- Name and SKU lower-cased by the desk: for queries too short for the index below.
    folded      TEXT    NOT NULL,
    price_minor INTEGER NOT NULL,
    currency    TEXT    NOT NULL CHECK (length(currency) = 3),
    stock       INTEGER,
    enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    changed_at  INTEGER NOT NULL,
    -- Gone from the shop; old order lines may still point at it.
    gone        INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1))
) STRICT;
CREATE INDEX product_by_name ON product (folded, row);

-- Trigrams find three letters anywhere in a name or SKU, in any alphabet and case.
CREATE VIRTUAL TABLE product_search USING fts5 (
    name, sku, content = 'product', content_rowid = 'row', tokenize = 'trigram', detail = 'full'
);
CREATE TRIGGER product_search_add AFTER INSERT ON product BEGIN
    INSERT INTO product_search (rowid, name, sku) VALUES (new.row, new.name, new.sku);
END;
CREATE TRIGGER product_search_drop AFTER DELETE ON product BEGIN
    INSERT INTO product_search (product_search, rowid, name, sku)
    VALUES ('delete', old.row, old.name, old.sku);
END;
CREATE TRIGGER product_search_change AFTER UPDATE OF name, sku ON product BEGIN
    INSERT INTO product_search (product_search, rowid, name, sku)
    VALUES ('delete', old.row, old.name, old.sku);
    INSERT INTO product_search (rowid, name, sku) VALUES (new.row, new.name, new.sku);
END;

CREATE TABLE customer (
    remote     TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    phone      TEXT NOT NULL,
    -- The last nine digits: what is left of a number however its prefix was written.
    phone_tail TEXT,
    email      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_by_phone ON customer (phone_tail) WHERE phone_tail IS NOT NULL;

CREATE TABLE customer_order (
    remote           TEXT    NOT NULL PRIMARY KEY,
    number           TEXT    NOT NULL,
    placed_at        INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL, -- the shop's clock
    status           TEXT    NOT NULL, -- the shop's word
    stage            TEXT    NOT NULL
        CHECK (stage IN ('new', 'confirmed', 'fulfilled', 'cancelled', 'other')),
    -- The customer as written on this order: guests have no other record, and others change theirs.
    customer_remote  TEXT,
    customer_name    TEXT    NOT NULL,
    phone            TEXT    NOT NULL,
    phone_tail       TEXT,
    email            TEXT    NOT NULL,
    delivery_address TEXT    NOT NULL,
    delivery_method  TEXT    NOT NULL,
    payment_method   TEXT    NOT NULL,
    customer_note    TEXT    NOT NULL,
    delivery_minor   INTEGER NOT NULL,
    total_minor      INTEGER NOT NULL,
    currency         TEXT    NOT NULL CHECK (length(currency) = 3),
    -- SHA-256 of what we last saw, without the time stamps: the echo of our own write, and a shop
    -- that stamps an order without changing it, are both recognised by it.
    seen_hash        BLOB    NOT NULL CHECK (length(seen_hash) = 32),
    gone             INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_order_by_phone ON customer_order (phone_tail, placed_at)
    WHERE phone_tail IS NOT NULL;
CREATE INDEX customer_order_by_number ON customer_order (number);
CREATE INDEX customer_order_by_stage ON customer_order (stage, placed_at);

CREATE TABLE order_line (
    order_remote TEXT    NOT NULL REFERENCES customer_order (remote) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    remote       TEXT    NOT NULL,
    product      TEXT, -- no foreign key: a line may outlive its product, or come before it
    sku          TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    quantity     INTEGER NOT NULL CHECK (quantity >= 0),
    unit_minor   INTEGER NOT NULL,
    total_minor  INTEGER NOT NULL,
    PRIMARY KEY (order_remote, position)
) STRICT, WITHOUT ROWID;

-- Where each pull stands; written in the transaction that stores the page.
CREATE TABLE pull_cursor (
    stream          TEXT NOT NULL PRIMARY KEY CHECK (stream IN ('products', 'customers', 'orders')),
    cursor          TEXT NOT NULL, -- the connector's own business
    last_success_at INTEGER,
    last_error      TEXT           -- a code, never the shop's words
) STRICT, WITHOUT ROWID;

-- Every write leaves a row here in its own transaction. `hash` covers the row and the hash before
-- it, so an edit, a deletion or a swap breaks the chain; AUTOINCREMENT remembers the last number,
-- so a cut-off end shows too.
CREATE TABLE change_log (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    at      INTEGER NOT NULL,
    zone    TEXT    NOT NULL,
    author  BLOB    CHECK (author IS NULL OR length(author) = 16), -- NULL: the desk by itself
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER change_log_is_not_changed BEFORE UPDATE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
CREATE TRIGGER change_log_is_not_deleted BEFORE DELETE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
