/* What each kind of shop asks for, told by the desk. */
import { ask, commands, type KindView, type ShopKind } from "@/lib/ipc";

/** Rights to tick where the key is made, under the names that stand there. */
export const RIGHTS: Record<ShopKind, readonly string[]> = {
  woocommerce: [],
  vendure: ["ReadCatalog", "ReadCustomer", "ReadOrder", "UpdateOrder", "CreatePromotion", "ReadPromotion", "DeletePromotion"],
  shopify: [
    "read_orders",
    "write_orders",
    "read_all_orders",
    "read_order_edits",
    "write_order_edits",
    "read_products",
    "read_inventory",
    "read_customers",
    "read_discounts",
    "write_discounts",
  ],
  retailcrm: [],
  base: [],
};

/** What an address of each kind looks like. */
export const LIKE: Record<ShopKind, string> = {
  woocommerce: "https://shop.example.com",
  vendure: "https://api.example.com",
  shopify: "https://example.myshopify.com",
  retailcrm: "https://example.retailcrm.pro",
  base: "",
};

let known: Promise<KindView[]> | null = null;

/** Asked once: it cannot change while the program runs. */
export function shopKinds(): Promise<KindView[]> {
  known ??= ask(commands.shopKinds()).catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}
