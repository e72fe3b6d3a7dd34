//! The migrations, in order, and how a file is brought to the newest.

use rusqlite_migration::{M, Migrations};

/// What a file of one kind must look like.
#[derive(Debug)]
pub(crate) struct Schema {
    /// `application_id` in the file's header.
    pub(crate) application: i32,
    /// In order; the n-th takes a file from version n-1 to n.
    pub(crate) migrations: &'static [M<'static>],
}

impl Schema {
    /// The newest version.
    pub(crate) fn version(&self) -> u32 {
        u32::try_from(self.migrations.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn steps(&self) -> Migrations<'static> {
        Migrations::from_slice(self.migrations)
    }
}

/// The centre's file.
pub(crate) static CENTRE: Schema = Schema {
    application: 0x447A_7643,
    migrations: &[
        M::up(include_str!(
            "../../../../migrations/centre/0001_centre.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/centre/0002_more_kinds_of_shops.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/centre/0003_staffing.sql"
        )),
        M::up(include_str!("../../../../migrations/centre/0004_plan.sql")),
        M::up(include_str!(
            "../../../../migrations/centre/0005_meetings.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/centre/0006_language_lines.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/centre/0007_special_hours.sql"
        )),
    ],
};

/// A shop's file.
pub(crate) static SHOP: Schema = Schema {
    application: 0x447A_7653,
    migrations: &[
        M::up(include_str!(
            "../../../../migrations/shop/0001_what_the_shop_told.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/shop/0002_the_work.sql"
        )),
        M::up(include_str!("../../../../migrations/shop/0003_reports.sql")),
        M::up(include_str!("../../../../migrations/shop/0004_sync.sql")),
        M::up(include_str!(
            "../../../../migrations/shop/0005_forecast.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/shop/0006_languages.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/shop/0007_special_hours.sql"
        )),
        M::up(include_str!(
            "../../../../migrations/shop/0008_published_languages.sql"
        )),
    ],
};
