//! Keys go by their place: the same presses confirm an order under every layout in use.

use acceptance::cli::{ADMIN, Cli};
use acceptance::desk::Desk;
use acceptance::operator::Operator;
use acceptance::truth::{all, arrived};
use anyhow::{Result, ensure};
use testkit::vendure::{VendureOptions, VendureServer};

/// From "next task" to "saved", at most.
const PRESSES: usize = 8;

#[tokio::test]
async fn a_plain_confirmation_takes_eight_presses_under_every_layout() -> Result<()> {
    Desk::test("layouts", async |desk| {
        let shop = VendureServer::start(VendureOptions::default()).await?;
        let before = all(&shop).await?;
        let cli = Cli::on(&desk.data());
        cli.make_centre().await?;
        cli.connect(&shop).await?;
        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;

        let layouts = ["us", "ua", "ru", "pl"];
        for layout in layouts {
            desk.display().layout(layout).await?;
            operator.presses();
            operator.reach_the_customer().await?;
            operator.read_back("1").await?;
            operator.talk_long_enough().await?;
            operator.hang_up().await?;
            operator.save().await?;
            // Saving takes the next task, which spares that press from the second call on.
            let presses = operator.presses();
            ensure!(
                presses <= PRESSES,
                "under {layout} a confirmation took {presses} presses"
            );
        }

        let confirmed = arrived(&shop, &before, layouts.len()).await?;
        for known in confirmed {
            ensure!(
                known.result() == "confirmed",
                "order {} is {:?}",
                known.order.code,
                known.result()
            );
        }
        window.close().await
    })
    .await
}
