//! How long the forecast pages take: with two years of a line's history made, and once it is.
//!
//! The last line is JSON; seconds.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement stops at the first surprise and prints what it found"
)]

use app::view::{
    ForecastRequest, ImportRequest, Language, NewCentre, StaffingRequest, WorkChannel,
};
use app::{Desk, DeskOptions};
use chrono::Days;
use std::sync::Arc;
use std::time::Instant;
use store::keyring::MemoryKeyring;
use store::vault::Cost;

/// Days of the large report: five years.
const DAYS: u32 = 1_826;
const REPEATS: u32 = 20;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(DeskOptions {
        data_dir: folder.path().to_owned(),
        keyring: Arc::new(MemoryKeyring::default()),
        exchange: false,
        password_cost: Cost {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        },
        ..DeskOptions::for_user(None)
    });
    let centre = NewCentre {
        name: "Admin".to_owned(),
        login: "admin".to_owned(),
        password: "correct-horse".to_owned(),
        language: Language::En,
        zone: "Europe/Kyiv".to_owned(),
    };
    desk.create_centre(centre).await.unwrap();
    let began = Instant::now();
    let shop = desk.make_sample(Language::Uk).await.unwrap().id;
    let sample = began.elapsed().as_secs_f64();

    let request = |channel, weeks| ForecastRequest {
        language: None,
        shop: Some(shop),
        channel,
        weeks,
    };
    let text = desk.sample_report(Language::Uk, DAYS);
    let began = Instant::now();
    let import = ImportRequest {
        language: None,
        shop,
        channel: WorkChannel::Inbound,
        file: "line.csv".to_owned(),
        content: text.into_bytes(),
        keep: true,
    };
    let rows = desk.import_history(import).await.unwrap().rows;
    let import = began.elapsed().as_secs_f64();

    let mut figures = vec![("sample", sample), ("import", import)];
    for (channel, cold, warm) in [
        (WorkChannel::Inbound, "inbound_cold", "inbound_warm"),
        (WorkChannel::Outbound, "outbound_cold", "outbound_warm"),
    ] {
        let began = Instant::now();
        let page = desk.forecast_page(request(channel, 4)).await.unwrap();
        figures.push((cold, began.elapsed().as_secs_f64()));
        let told = page.explanation.unwrap();
        println!(
            "{channel:?}: day error {:.1} %, intake takes away {:?} of the error",
            100.0 * told.score.day_wape,
            told.intake_gain
        );
        let began = Instant::now();
        for _ in 0..REPEATS {
            desk.forecast_page(request(channel, 4)).await.unwrap();
        }
        figures.push((warm, began.elapsed().as_secs_f64() / f64::from(REPEATS)));
    }
    let began = Instant::now();
    let far = desk
        .forecast_page(request(WorkChannel::Inbound, 13))
        .await
        .unwrap();
    figures.push(("inbound_13_weeks_cold", began.elapsed().as_secs_f64()));
    let staffing = StaffingRequest {
        shop,
        language: None,
        date: far.days.first().unwrap().date + Days::new(1),
        what_if: None,
        load_factor: 1.0,
    };
    let began = Instant::now();
    desk.staffing(staffing).await.unwrap();
    figures.push(("staffing", began.elapsed().as_secs_f64()));
    let told: Vec<String> = figures
        .iter()
        .map(|(name, seconds)| format!("\"{name}\": {seconds:.4}"))
        .collect();
    println!("{{\"rows\": {rows}, {}}}", told.join(", "));
    desk.close().await;
}
