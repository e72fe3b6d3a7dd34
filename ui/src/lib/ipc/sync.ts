/* The sync page's part of the border, until the generated one holds it. */
import { invoke } from "@tauri-apps/api/core";
import type { ApiError, Role, ShopCheck, SyncPhase } from "./bindings";

export type OrderStage = "new" | "confirmed" | "fulfilled" | "cancelled" | "other";
export type ShopKind = "woocommerce" | "vendure" | "shopify" | "retailcrm" | "base";
export type SyncAction = "pull_now" | "decide" | "rekey" | "set_statuses";
export type StreamKind = "orders" | "products" | "customers";
export type StreamView = { stream: StreamKind; last_success_at: string | null; error: ApiError | null };
export type SyncRow = {
  id: string;
  name: string;
  kind: ShopKind | null;
  phase: SyncPhase;
  error: ApiError | null;
  last_pull_at: string | null;
  lag_s: number | null;
  streams: StreamView[];
  waiting: number;
  oldest_at: string | null;
  in_flight: number;
  in_doubt: number;
  dead: number;
  conflicts: number;
  next_try_at: string | null;
  breaker_open_until: string | null;
  actions: SyncAction[];
};
export type SyncPage = { now: string; shops: SyncRow[] };
export type LetterChoice = "ours" | "theirs" | "retry" | "drop";
export type ClashView = { label: string; base: string | null; ours: string; theirs: string };
export type ConflictView = {
  clashes: ClashView[];
  ours_by: string;
  ours_at: string;
  theirs_by: string | null;
  theirs_at: string | null;
};
export type DeadLetter = {
  op: string;
  order_number: string;
  customer_name: string;
  call: string | null;
  kind: string;
  what: string;
  tries: number;
  error: ApiError;
  since: string;
  behind: number;
  conflict: ConflictView | null;
  choices: LetterChoice[];
};
export type StatusTable = {
  statuses: { word: string; name: string; stage: OrderStage }[];
  transitions: { from: string; to: string; least: Role }[];
  confirmed: string | null;
  cancelled: string | null;
};
export type StatusTableView = {
  shop: string;
  shop_name: string;
  table: StatusTable;
  is_set: boolean;
  offered: StatusTable;
  problems: ApiError[];
};
export type UserField = "consumer_key" | "user_name";
export type SecretField = "consumer_secret" | "password" | "token" | "api_key";
export type KindView = { kind: ShopKind; user: UserField | null; secret: SecretField; address: string };

type Answer<T> = Promise<{ status: "ok"; data: T } | { status: "error"; error: ApiError }>;

async function answered<T>(result: Promise<T>): Answer<T> {
  try {
    return { status: "ok", data: await result };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { status: "error", error: error as ApiError };
  }
}

export const syncCommands = {
  syncPage: (): Answer<SyncPage> => answered(invoke("sync_page")),
  shopTrouble: (shop: string): Answer<DeadLetter[]> => answered(invoke("shop_trouble", { shop })),
  resolveLetter: (shop: string, op: string, choice: LetterChoice): Answer<DeadLetter[]> =>
    answered(invoke("resolve_letter", { shop, op, choice })),
  statusTable: (shop: string): Answer<StatusTableView> => answered(invoke("status_table", { shop })),
  refreshStatuses: (shop: string): Answer<StatusTableView> => answered(invoke("refresh_statuses", { shop })),
  checkStatusTable: (shop: string, table: StatusTable): Answer<ApiError[]> =>
    answered(invoke("check_status_table", { shop, table })),
  setStatusTable: (shop: string, table: StatusTable | null): Answer<StatusTableView> =>
    answered(invoke("set_status_table", { shop, table })),
  shopKinds: (): Answer<KindView[]> => answered(invoke("shop_kinds")),
  rekeyShop: (shop: string, user: string, secret: string): Answer<ShopCheck> =>
    answered(invoke("rekey_shop", { shop, user, secret })),
};
