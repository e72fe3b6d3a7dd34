//! What is read of the Admin API. Numbers in the documents are reckoned by the points that a query
//! may cost: an object counts one, a list as many as are asked for, and a thousand is the most.

use super::client::Document;

macro_rules! document {
    ($name:literal, $($text:expr),+) => {
        Document { name: $name, text: concat!($($text),+) }
    };
}

macro_rules! line_fields {
    () => {
        "
fragment LineFields on LineItem {
  id name sku currentQuantity unfulfilledQuantity
  variant { id }
  discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
  taxLines { rate }
}"
    };
}

macro_rules! order_fields {
    () => {
        concat!(
            "
fragment OrderFields on Order {
  id name createdAt processedAt updatedAt cancelledAt closed
  currencyCode presentmentCurrencyCode taxesIncluded
  displayFulfillmentStatus merchantEditable merchantEditableErrors
  note tags email phone paymentGatewayNames
  customer { id displayName
    defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  shippingAddress { name company address1 address2 city province zip country phone }
  shippingLine { title }
  currentTotalPriceSet { shopMoney { amount } }
  currentShippingPriceSet { shopMoney { amount } }
  confirmedBy: metafield(namespace: \"dzvinok\", key: \"confirmed_by\") { value }
  confirmedAt: metafield(namespace: \"dzvinok\", key: \"confirmed_at\") { value }
  callResult: metafield(namespace: \"dzvinok\", key: \"call_result\") { value }
  clientRef: metafield(namespace: \"dzvinok\", key: \"client_ref\") { value }
  lineItems(first: 10) { nodes { ...LineFields } pageInfo { hasNextPage endCursor } }
}",
            line_fields!()
        )
    };
}

macro_rules! variant_fields {
    () => {
        "
fragment VariantFields on ProductVariant {
  id title sku price inventoryQuantity
  inventoryItem { tracked }
}"
    };
}

pub(super) const SHOP: Document = document!(
    "Shop",
    "
query Shop {
  shop { name currencyCode ianaTimezone }
  currentAppInstallation { accessScopes { handle } }
}"
);

pub(super) const ORDERS: Document = document!(
    "Orders",
    "
query Orders(
  $first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $reverse: Boolean!
) {
  list: orders(
    first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse
  ) { nodes { ...OrderFields } pageInfo { hasNextPage endCursor } }
}",
    order_fields!()
);

pub(super) const ORDER: Document = document!(
    "Order",
    "
query Order($id: ID!) {
  order(id: $id) {
    ...OrderFields
    currentSubtotalPriceSet { shopMoney { amount } }
    currentTotalTaxSet { shopMoney { amount } }
    currentTotalDutiesSet { shopMoney { amount } }
    currentTotalAdditionalFeesSet { shopMoney { amount } }
    totalTipReceivedSet { shopMoney { amount } }
  }
}",
    order_fields!()
);

pub(super) const ORDERS_AGAIN: Document = document!(
    "OrdersAgain",
    "
query OrdersAgain($ids: [ID!]!) { nodes(ids: $ids) { ...OrderFields } }",
    order_fields!()
);

pub(super) const ORDER_LINES: Document = document!(
    "OrderLines",
    "
query OrderLines($id: ID!, $after: String) {
  order(id: $id) {
    lineItems(first: 100, after: $after) {
      nodes { ...LineFields } pageInfo { hasNextPage endCursor }
    }
  }
}",
    line_fields!()
);

pub(super) const PRODUCTS: Document = document!(
    "Products",
    "
query Products($first: Int!, $after: String, $query: String) {
  list: products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id title status updatedAt
      variants(first: 20) { nodes { ...VariantFields } pageInfo { hasNextPage endCursor } }
    }
    pageInfo { hasNextPage endCursor }
  }
}",
    variant_fields!()
);

pub(super) const PRODUCT_VARIANTS: Document = document!(
    "ProductVariants",
    "
query ProductVariants($id: ID!, $after: String) {
  product(id: $id) {
    variants(first: 250, after: $after) {
      nodes { ...VariantFields } pageInfo { hasNextPage endCursor }
    }
  }
}",
    variant_fields!()
);

pub(super) const CUSTOMERS: Document = document!(
    "Customers",
    "
query Customers($first: Int!, $after: String, $query: String) {
  list: customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id displayName updatedAt
      defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }
    }
    pageInfo { hasNextPage endCursor }
  }
}"
);

#[cfg(test)]
mod tests {
    use super::super::wire::NAMESPACE;
    use super::*;

    #[test]
    fn every_document_holds_the_operation_it_is_called_by() {
        for document in [
            SHOP,
            ORDERS,
            ORDER,
            ORDERS_AGAIN,
            ORDER_LINES,
            PRODUCTS,
            CUSTOMERS,
        ] {
            assert!(
                document.text.contains(&format!("query {}", document.name)),
                "{}",
                document.name
            );
        }
        assert!(ORDERS.text.contains(&format!("namespace: \"{NAMESPACE}\"")));
    }
}
