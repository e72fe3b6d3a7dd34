//! How many people a load of calls needs, and how long callers wait when there are fewer.
