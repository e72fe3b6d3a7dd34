//! What a customer pays for a product in a shop that enters its prices without tax.
//!
//! The catalogue tells such a price as it was entered. The tax is that of the shop's own address, as
//! the shop itself shows prices to someone whose address it does not know.

use super::WooCommerce;
use super::amount::Amount;
use crate::ShopError;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Most pages of tax rates read; a shop that keeps one for each town has thousands, and those for a
/// town do not count here.
const MOST_PAGES: u32 = 20;

/// The tax to be added to catalogue prices; nothing where they include it.
#[derive(Default)]
pub(super) struct Taxes(BTreeMap<String, Vec<Rate>>);

/// Millionths on top; a compound rate also on the others.
struct Rate {
    millionths: i128,
    is_compound: bool,
}

#[derive(Deserialize)]
struct Setting {
    #[serde(default)]
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct WireRate {
    #[serde(default)]
    country: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    postcodes: Vec<String>,
    #[serde(default)]
    cities: Vec<String>,
    #[serde(default)]
    rate: Amount,
    #[serde(default)]
    priority: i64,
    #[serde(default)]
    compound: bool,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    class: String,
}

impl Taxes {
    /// The price with the tax of its class.
    pub(super) fn gross(&self, price: Amount, is_taxed: bool, class: &str) -> Amount {
        let class = if class.is_empty() { "standard" } else { class };
        let Some(rates) = self.0.get(class).filter(|_| is_taxed) else {
            return price;
        };
        let part = |compound: bool, of: Amount| -> Amount {
            rates
                .iter()
                .filter(|rate| rate.is_compound == compound)
                .map(|rate| of.millionths(rate.millionths))
                .sum()
        };
        let with_plain = price + part(false, price);
        with_plain + part(true, with_plain)
    }

    fn of(mut rates: Vec<WireRate>, country: &str, state: &str) -> Self {
        rates.retain(|rate| {
            let here = (rate.country.is_empty() || rate.country == country)
                && (rate.state.is_empty() || rate.state == state);
            here && rate.postcodes.is_empty() && rate.cities.is_empty()
        });
        rates.sort_by_key(|rate| (rate.priority, rate.order));
        let mut classes: BTreeMap<String, Vec<Rate>> = BTreeMap::new();
        let mut last = BTreeMap::new();
        for rate in rates {
            // Of one priority the first that fits counts.
            if last.insert(rate.class.clone(), rate.priority) == Some(rate.priority) {
                continue;
            }
            classes.entry(rate.class).or_default().push(Rate {
                // Percent to parts of one.
                millionths: rate.rate.in_millionths() / 100,
                is_compound: rate.compound,
            });
        }
        Self(classes)
    }
}

impl WooCommerce {
    /// Asked once; prices stay as they are told where we may not read the settings.
    pub(super) async fn taxes(&self) -> Result<&Taxes, ShopError> {
        let ask = async || match self.read_taxes().await {
            Err(
                ShopError::NoReadRight(_)
                | ShopError::WrongKey
                | ShopError::Gone
                | ShopError::Refused(_)
                | ShopError::Unsupported(_),
            ) => Ok(Taxes::default()),
            other => other,
        };
        self.taxes.get_or_try_init(ask).await
    }

    async fn read_taxes(&self) -> Result<Taxes, ShopError> {
        let includes = self.setting("tax/woocommerce_prices_include_tax").await?;
        if includes != "no" || self.setting("general/woocommerce_calc_taxes").await? != "yes" {
            return Ok(Taxes::default());
        }
        let place = self.setting("general/woocommerce_default_country").await?;
        let (country, state) = place.split_once(':').unwrap_or((&place, ""));
        let mut rates = Vec::new();
        for page in 1..=MOST_PAGES {
            let pair = |name: &str, value: String| (name.to_owned(), value);
            let fields = "country,state,postcodes,cities,rate,priority,compound,order,class";
            let parameters = vec![
                pair("per_page", "100".to_owned()),
                pair("page", page.to_string()),
                pair("_fields", fields.to_owned()),
            ];
            let found: Vec<WireRate> = self.get("taxes", parameters).await?.json()?;
            let is_last = found.len() < 100;
            rates.extend(found);
            if is_last {
                break;
            }
        }
        Ok(Taxes::of(rates, country, state))
    }

    async fn setting(&self, name: &str) -> Result<String, ShopError> {
        let found: Setting = self
            .get(&format!("settings/{name}"), Vec::new())
            .await?
            .json()?;
        Ok(found.value.as_str().unwrap_or_default().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(country: &str, percent: &str, priority: i64, compound: bool) -> WireRate {
        WireRate {
            country: country.to_owned(),
            state: String::new(),
            postcodes: Vec::new(),
            cities: Vec::new(),
            rate: Amount::parse(percent).unwrap(),
            priority,
            compound,
            order: 0,
            class: "standard".to_owned(),
        }
    }

    fn price(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn the_shops_own_address_decides() {
        let rates = vec![
            rate("PL", "23.0000", 1, false),
            rate("UA", "20.0000", 1, false),
        ];
        let taxes = Taxes::of(rates, "UA", "UA30");
        assert_eq!(taxes.gross(price("100"), true, ""), price("120"));
        assert_eq!(
            taxes.gross(price("100"), false, ""),
            price("100"),
            "what is not taxed"
        );
        assert_eq!(
            taxes.gross(price("100"), true, "zero-rate"),
            price("100"),
            "a class without rates"
        );
    }

    #[test]
    fn one_rate_of_a_priority_counts_and_a_compound_one_lies_on_top() {
        let rates = vec![
            rate("", "5", 1, false),
            rate("CA", "7", 1, false),
            rate("CA", "10", 2, true),
        ];
        let taxes = Taxes::of(rates, "CA", "QC");
        assert_eq!(taxes.gross(price("100"), true, ""), price("115.5"));
    }
}
