//! What people decide about a forecast: days left out, manual changes, publication.

use super::figures::Day;
use super::outlook::{Outlook, channel};
use super::special::proper;
use crate::clock;
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::start::filled;
use crate::text::Fault;
use crate::view::{Changed, ForecastRequest, NewOverride, OutlierVerdict, WorkChannel};
use chrono::NaiveDate;
use plan::language::LanguageCode;
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::sync::Arc;
use store::Author;
use store::table::forecast::{
    self, Override, Snapshot, SnapshotInterval, SnapshotLanguage, Verdict,
};
use store::table::special_day::Withdrawal;

/// A manual change, per cent.
const LEAST_PERCENT: f64 = -100.0;
const MOST_PERCENT: f64 = 500.0;
/// Longest reason, characters.
const MOST_REASON: usize = 500;

impl Desk {
    /// Manual changes in force, oldest first.
    pub(crate) async fn overrides_of(
        &self,
        shop: &OpenShop,
        line: WorkChannel,
    ) -> Result<Vec<Override>, Fault> {
        Ok(shop
            .store
            .db
            .read(move |conn| forecast::overrides(conn, channel(line)))
            .await?)
    }

    pub(crate) async fn judge_outlier(
        &self,
        shop: ShopId,
        line: WorkChannel,
        day: NaiveDate,
        verdict: Option<OutlierVerdict>,
    ) -> Result<(), Fault> {
        let (shop, author) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (state.shop(shop)?, author)
        };
        let said = forecast::OutlierVerdict {
            id: FactId::from_uuid(clock::mint()),
            channel: channel(line),
            day: proper(day)?,
            verdict: verdict.map(|verdict| match verdict {
                OutlierVerdict::Kept => Verdict::Kept,
                OutlierVerdict::LeftOut => Verdict::LeftOut,
            }),
            at: self.now(),
            zone: shop.zone,
            author,
        };
        let change = self.change(
            Author::Person(author),
            "outlier.judged",
            &said.id,
            json!({ "day": day, "verdict": verdict }),
        );
        shop.store
            .db
            .write(change, move |tx| forecast::say(tx, &said))
            .await?;
        self.tell(Changed::Forecast);
        Ok(())
    }

    pub(crate) async fn change_forecast(&self, wish: NewOverride) -> Result<(), Fault> {
        let (shop, author) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (state.shop(wish.shop)?, author)
        };
        filled("reason", &wish.reason)?;
        let invalid =
            |field: &'static str| Fault::from(ErrorCode::FieldInvalid).with("field", &field);
        if wish.reason.chars().count() > MOST_REASON {
            return Err(invalid("reason"));
        }
        if !(LEAST_PERCENT..=MOST_PERCENT).contains(&wish.percent) {
            return Err(invalid("percent"));
        }
        if wish.until_minute > 1440 || wish.from_minute >= wish.until_minute {
            return Err(invalid("hours"));
        }
        let fact = Override {
            id: FactId::from_uuid(clock::mint()),
            channel: channel(wish.channel),
            day: proper(wish.date)?,
            from_minute: wish.from_minute,
            until_minute: wish.until_minute,
            factor: 1.0 + wish.percent / 100.0,
            reason: wish.reason.trim().to_owned(),
            at: self.now(),
            zone: shop.zone,
            author,
        };
        let change = self.change(
            Author::Person(author),
            "forecast.overridden",
            &fact.id,
            json!({ "day": fact.day, "factor": fact.factor }),
        );
        shop.store
            .db
            .write(change, move |tx| forecast::add_override(tx, &fact))
            .await?;
        self.tell(Changed::Forecast);
        Ok(())
    }

    pub(crate) async fn take_back_override(&self, shop: ShopId, id: FactId) -> Result<(), Fault> {
        let (shop, author) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (state.shop(shop)?, author)
        };
        let change = self.change(
            Author::Person(author),
            "forecast.override_withdrawn",
            &id,
            json!({}),
        );
        let withdrawal = Withdrawal {
            of: id,
            at: self.now(),
            zone: shop.zone,
            author,
        };
        shop.store
            .db
            .write(change, move |tx| {
                forecast::withdraw_override(tx, &withdrawal)
            })
            .await?;
        self.tell(Changed::Forecast);
        Ok(())
    }

    /// Keeps the forecast of one client, or of all under one identity.
    pub(crate) async fn keep_forecast(&self, request: ForecastRequest) -> Result<(), Fault> {
        let weeks = super::weeks(request.weeks)?;
        let author = {
            let state = self.state().await;
            state.session(Permission::PlanWork)?.person
        };
        let lines = self.lines(request.shop, request.channel).await?;
        let id = FactId::from_uuid(clock::mint());
        let mut kept = 0;
        for (shop, outlook) in &lines {
            let overrides = self.overrides_of(shop, request.channel).await?;
            let languages = self.languages_of(shop, request.channel).await?;
            let looked = Arc::clone(outlook);
            let foresee = move || {
                let days = looked.days_ahead(weeks, &overrides);
                (days, by_language(&languages, weeks, &overrides))
            };
            let (days, languages) = tokio::task::spawn_blocking(foresee)
                .await
                .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?;
            let (Some(first), Some(last)) = (days.first(), days.last()) else {
                continue;
            };
            let snapshot = Snapshot {
                id,
                channel: channel(request.channel),
                slot_minutes: outlook.slot_minutes,
                first_day: first.date,
                last_day: last.date,
                at: self.now(),
                zone: shop.zone,
                author,
            };
            let intervals: Vec<SnapshotInterval> = days
                .iter()
                .flat_map(|day| day.slots.iter().map(move |slot| (day.date, slot)))
                .map(|(day, slot)| SnapshotInterval {
                    day,
                    minute: slot.minute,
                    calls: slot.calls.mean,
                    model_calls: slot.model,
                    low80: slot.calls.low80,
                    high80: slot.calls.high80,
                    low95: slot.calls.low95,
                    high95: slot.calls.high95,
                    aht_s: slot.aht_s,
                })
                .collect();
            let change = self.change(
                Author::Person(author),
                "forecast.published",
                &id,
                json!({ "first_day": snapshot.first_day, "last_day": snapshot.last_day }),
            );
            shop.store
                .db
                .write(change, move |tx| {
                    forecast::publish(tx, &snapshot, &intervals, &languages)
                })
                .await?;
            kept += 1;
        }
        if kept == 0 {
            let missing = lines
                .first()
                .map_or(super::outlook::LEAST_DAYS, |(_, outlook)| {
                    outlook.days_missing()
                });
            return Err(Fault::from(ErrorCode::HistoryShort).with("missing", &missing));
        }
        self.tell(Changed::Forecast);
        Ok(())
    }
}

fn by_language(
    languages: &[(LanguageCode, Arc<Outlook>)],
    weeks: u32,
    overrides: &[Override],
) -> Vec<SnapshotLanguage> {
    let of_language = |(language, outlook): &(LanguageCode, Arc<Outlook>)| {
        let language = language.to_string();
        let told = move |day: Day| SnapshotLanguage {
            language: language.clone(),
            day: day.date,
            calls: day.total.mean,
        };
        outlook.days_ahead(weeks, overrides).into_iter().map(told)
    };
    languages.iter().flat_map(of_language).collect()
}
