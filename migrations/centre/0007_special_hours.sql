-- Seventh part: hours of a special day. It may end early, or not begin; no hours are those of its weekday.
-- Minutes since local midnight; from 0 until 0 it is closed all day.

ALTER TABLE special_day ADD COLUMN open_from INTEGER CHECK (open_from BETWEEN 0 AND 1440);
ALTER TABLE special_day ADD COLUMN open_until INTEGER
    CHECK (open_until BETWEEN 0 AND 1440 AND (open_until > open_from OR (open_from = 0 AND open_until = 0)));
