-- Fourth part: what the exchange with the shop remembers.

-- Why a given-up write was given up, where the shop had changed the same thing: both sides, as JSON.
ALTER TABLE outbox ADD COLUMN conflict TEXT;

-- When a write that is done was looked at once more for what stands at the shop twice.
ALTER TABLE outbox ADD COLUMN swept_at INTEGER;
-- What was done before there were sweeps is left as it is: years of it would be a load on the shop.
UPDATE outbox SET swept_at = done_at WHERE state = 'done';
CREATE INDEX outbox_unswept ON outbox (done_at) WHERE state = 'done' AND swept_at IS NULL;
CREATE INDEX outbox_done ON outbox (done_at, order_remote) WHERE state = 'done';
CREATE INDEX outbox_of_order ON outbox (order_remote, seq);

-- When the order was last read by its identity: some changes do not move the date a pull goes by.
ALTER TABLE customer_order ADD COLUMN read_at INTEGER;
