import { emit } from "@tauri-apps/api/event";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n/index.svelte";
import { pretend, type Pretence } from "@/lib/ipc/mock";
import { listenToKeys } from "@/lib/keyboard.svelte";
import { go } from "@/lib/route.svelte";
import { session } from "@/lib/session.svelte";
import { toasts } from "@/lib/toasts.svelte";
import { begin, settle } from "./mock";
import QuietSign from "./QuietSign.svelte";
import SyncPage from "./SyncPage.svelte";

type Told = ReturnType<typeof pretend>;

async function open(path: string, scene = "", wish: Pretence = {}): Promise<Told> {
  begin(scene);
  const told = pretend({ language: "en", ...wish });
  go(path);
  await session.refresh();
  await i18n.use(wish.language ?? "en");
  render(SyncPage);
  return told;
}

const key = (code: string): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { code });
const asked = (told: Told, command: string): unknown[] =>
  told.calls.filter((call) => call.command === command).map((call) => call.args);

beforeEach(() => {
  const deaf = listenToKeys();
  return deaf;
});

describe("the list of shops", () => {
  it("leads from each figure to what has been counted", async () => {
    await open("/sync");
    const row = (await screen.findByRole("link", { name: "AGD Serce" })).closest("tr") as HTMLElement;
    const places = within(row).getAllByRole("link").map((link) => [link.getAttribute("aria-label") ?? link.textContent, link.getAttribute("href")]);
    expect(places).toEqual([
      ["AGD Serce", "#/sync/s2"],
      ["to be sent: 3. Open the list", "#/sync/s2/queue"],
      ["being verified: 1. Open the list", "#/sync/s2/queue"],
      ["not delivered: 2. Open the list", "#/sync/s2/dead"],
      ["conflicts: 1. Open the list", "#/sync/s2/conflicts"],
    ]);
    expect(row.textContent, "how far behind").toMatch(/48 mins? behind/);
    expect(row.textContent, "left alone for a while").toContain("paused until");
  });

  it("pulls from the shop that has the focus, by key", async () => {
    const told = await open("/sync");
    await screen.findByRole("link", { name: "AGD Serce" });
    await key("ArrowDown");
    await key("ArrowDown");
    expect(document.activeElement?.textContent).toBe("Kettle & Co");
    await key("F2");
    await waitFor(() => expect(asked(told, "sync_now")).toEqual([{ shop: "s3" }]));
  });

  it("asks for a new key where the old one is refused", async () => {
    await open("/sync");
    await fireEvent.click(await screen.findByRole("button", { name: "New key" }));
    expect((await screen.findByRole("dialog", { hidden: true })).textContent).toContain("New key for Kettle & Co");
  });

  it("says without shops who connects them", async () => {
    await open("/sync", "empty", { role: "supervisor" });
    expect(await screen.findByText("No shops yet")).toBeTruthy();
    expect(screen.getByText("Shops are connected by an administrator.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Connect a shop" }), "a supervisor cannot").toBeNull();
  });

  it("says what failed, and asks again", async () => {
    await open("/sync", "failing");
    expect((await screen.findByRole("alert")).textContent).toContain("disk I/O error");
    begin();
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "AGD Serce" })).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole("alert"), "the error is over").toBeNull());
  });

  it("follows what the desk tells", async () => {
    await open("/sync", "quiet");
    await screen.findByRole("link", { name: "Техношок" });
    expect(screen.queryByRole("link", { name: "AGD Serce" })).toBeNull();
    begin();
    await emit("changed", "shops");
    expect(await screen.findByRole("link", { name: "AGD Serce" })).toBeTruthy();
  });
});

describe("a conflict", () => {
  it("shows both sides with who and when, and takes a side by two keys", async () => {
    const told = await open("/sync/s2");
    const card = (await screen.findByRole("heading", { name: /10482/ })).closest("article") as HTMLElement;
    const heads = within(card).getAllByRole("columnheader").map((head) => head.textContent);
    expect(heads[2]).toMatch(/^Ours ?Grace Whitfield, /);
    expect(heads[3], "the shop did not say who").toMatch(/^The shop’s ?someone at the shop, /);
    const [, pieces, filter] = within(card).getAllByRole("row").map((row) => [...row.children].map((cell) => cell.textContent));
    expect(pieces).toEqual(["Kettle KT-210, pieces", "2", "3", "1"]);
    expect(filter?.[1], "it was not in the order").toBe("not there");

    await key("Enter");
    expect(asked(told, "resolve_letter"), "nothing is decided before a side is chosen").toEqual([]);
    await key("Digit2");
    expect(within(card).getByRole("button").textContent).toContain("Keep the shop’s");
    await key("Digit1");
    expect((within(card).getByRole("radio", { name: /Ours holds/ }) as HTMLInputElement).checked).toBe(true);
    await key("Enter");
    await waitFor(() => expect(asked(told, "resolve_letter")).toEqual([{ shop: "s2", op: "c1", choice: "ours" }]));
    expect(await screen.findByText("No conflicts"), "and the list says so").toBeTruthy();
    await waitFor(() => expect(toasts().at(-1)?.text).toBe("№ 10482: ours will be sent."));
  });

  it("that moved on is shown anew, and nothing is decided", async () => {
    const told = await open("/sync/s2", "moved");
    await screen.findByRole("heading", { name: /10482/ });
    const before = asked(told, "shop_trouble").length;
    await key("Digit1");
    await key("Enter");
    expect(await screen.findByRole("alert")).toBeTruthy();
    await waitFor(() => expect(asked(told, "shop_trouble").length).toBeGreaterThan(before));
    expect(screen.getAllByRole("radio").some((radio) => (radio as HTMLInputElement).checked), "to be chosen anew").toBe(false);
  });
});

describe("what was not delivered", () => {
  it("says what it wanted, why it failed and what can be done; arrows go from one to the next", async () => {
    const told = await open("/sync/s2/dead");
    const card = (await screen.findByRole("heading", { name: /10477/ })).closest("article") as HTMLElement;
    expect(card.textContent).toContain("Kettle KT-210: 2 → 3 pcs");
    expect(card.textContent).toContain("stock of SKU KT-210 is 0");
    expect(card.textContent).toContain("1 later result of this order waits");
    await key("ArrowDown");
    await key("Digit2");
    await key("Enter");
    await waitFor(() => expect(asked(told, "resolve_letter")).toEqual([{ shop: "s2", op: "d2", choice: "drop" }]));
    await waitFor(() => expect(screen.queryByRole("heading", { name: /10390/ })).toBeNull());
    expect(screen.getByRole("heading", { name: /10477/ }), "the other stays").toBeTruthy();
  });

  it("is decided for the one it was chosen for, never for the one that takes its place", async () => {
    const told = await open("/sync/s2/dead");
    await screen.findByRole("heading", { name: /10477/ });
    await key("Digit2");
    settle("d1");
    await emit("changed", "shops");
    await waitFor(() => expect(screen.queryByRole("heading", { name: /10477/ }), "decided at another desk").toBeNull());
    await key("Enter");
    expect(asked(told, "resolve_letter"), "the next one has not been decided").toEqual([]);
    await key("Digit1");
    await key("Enter");
    await waitFor(() => expect(asked(told, "resolve_letter")).toEqual([{ shop: "s2", op: "d2", choice: "retry" }]));
  });

  it("is empty with a way on", async () => {
    await open("/sync/s1/dead");
    expect(await screen.findByText("Nothing is stuck")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "All shops" }));
    expect(window.location.hash).toBe("#/sync");
  });
});

describe("a shop out of reach", () => {
  it("says that what waits is kept, and lets one try at once", async () => {
    const told = await open("/sync/s2");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("you can go on");
    expect(screen.getByText(/4 results are kept here/)).toBeTruthy();
    await fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(asked(told, "sync_now")).toEqual([{ shop: "s2" }]));
  });

  it("is a quiet sign on the desk: since when, and that work goes on", async () => {
    begin();
    pretend({ language: "en" });
    await i18n.use("en");
    render(QuietSign, { shops: ["AGD Serce"] });
    await waitFor(() =>
      expect(screen.getByRole("status").textContent).toMatch(/AGD Serce: no connection since .*\d\d:\d\d, you can go on/),
    );
  });
});
