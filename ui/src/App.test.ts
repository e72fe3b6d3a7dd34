import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { emit } from "@tauri-apps/api/event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { begin } from "@/features/sync/mock";
import { i18n, t } from "@/lib/i18n/index.svelte";
import { pretend, type Pretence } from "@/lib/ipc/mock";
import { go } from "@/lib/route.svelte";
import { session } from "@/lib/session.svelte";
import { callStrip } from "@/lib/strip.svelte";

async function open(wish: Pretence, path = "/"): Promise<ReturnType<typeof pretend>> {
  const told = pretend({ language: "en", ...wish });
  go(path);
  await session.refresh();
  await i18n.use(wish.language ?? "en");
  render(App);
  return told;
}

const type = (label: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = async (name: string): Promise<boolean> => fireEvent.click(await screen.findByRole("button", { name }));
const asked = (told: ReturnType<typeof pretend>, command: string): unknown[] =>
  told.calls.filter((call) => call.command === command).map((call) => call.args);

// Pages come when they are asked for; reading them for the first time is not what is tested.
beforeAll(
  () => Promise.all([
    import("@/features/frame/Frame.svelte"),
    import("@/features/start/Fresh.svelte"),
    import("@/features/desk/DeskPage.svelte"),
    import("@/features/people/PeoplePage.svelte"),
    import("@/features/shops/ShopsPage.svelte"),
    import("@/features/sync/SyncPage.svelte"),
    import("@/features/settings/SettingsPage.svelte"),
  ]),
  60_000,
);
beforeEach(() => {
  callStrip.clear();
  begin("");
});
afterEach(() => vi.useRealTimers());

describe("the first start", () => {
  it("goes from language to sample, and lets nobody past the code unkept", async () => {
    const told = await open({ phase: "fresh" });
    await fireEvent.click(await screen.findByRole("radio", { name: "Polski" }));
    expect(screen.getByRole("heading", { level: 1 }).textContent, "switches at once").toBe("Witaj w Dzvinok");
    expect(document.documentElement.lang).toBe("pl");
    await press("Dalej");

    await type("Imię i nazwisko", "Anna Kowalska");
    await type("Login", "anna");
    await type("Hasło", "short");
    await press("Utwórz i kontynuuj");
    expect((await screen.findByRole("alert")).textContent, "the desk decides, the screen says why").toContain("8");
    await type("Hasło", "four unrelated words");
    await press("Utwórz i kontynuuj");

    const group = await screen.findByLabelText("Ostatnia grupa kodu");
    const kept = t("code-kept");
    await fireEvent.input(group, { target: { value: "WRONG" } });
    await press(kept);
    expect(screen.getByText(t("code-last-group-wrong"))).toBeTruthy();
    await fireEvent.input(group, { target: { value: " t5lu " } });
    await press(kept);
    expect(screen.queryByText("T5LU"), "the code is shown once").toBeNull();

    await press("Wypróbuj przykład");
    await waitFor(() => expect(asked(told, "make_sample")).toEqual([{ language: "pl" }]));
    await waitFor(() => expect(window.location.hash).toBe("#/desk"));
  });
});

describe("signing in", () => {
  it("remembers the login, waits in the password, and says what is left", async () => {
    await open({ phase: "sign_in" });
    const password = await screen.findByLabelText("Password");
    expect((screen.getByLabelText("Login") as HTMLInputElement).value).toBe("admin");
    expect(document.activeElement).toBe(password);
    await type("Password", "wrong");
    await press("Sign in");
    expect((await screen.findByRole("alert")).textContent).toContain("Tries left: 4");
    await i18n.use("uk");
    await waitFor(() =>
      expect(screen.getByRole("alert").textContent, "words on the screen follow the language").toContain("спроб: 4"),
    );
  });

  it("opens with the recovery code and a new password", async () => {
    const told = await open({ phase: "sign_in" });
    await press("Open with the recovery code");
    await type("Recovery code", "K7QF-2MXD");
    await type("New password", "another long one");
    await press("Open and set the password");
    await waitFor(() =>
      expect(asked(told, "recover")).toEqual([{ code: "K7QF-2MXD", login: "admin", newPassword: "another long one" }]),
    );
    expect(await screen.findByRole("navigation")).toBeTruthy();
  });
});

describe("the frame", () => {
  it.each([
    ["operator", ["Desk", "My shifts", "Settings"]],
    ["supervisor", ["Desk", "Load", "Forecast", "Plan", "Today", "My shifts", "Sync", "Settings"]],
    ["admin", ["Desk", "Load", "Forecast", "Plan", "Today", "My shifts", "Sync", "Shops", "People", "Settings"]],
  ] as const)("shows a %s what the role allows", async (role, pages) => {
    await open({ role }, "/settings");
    const nav = await screen.findByRole("navigation");
    const links = within(within(nav).getByRole("list")).getAllByRole("link");
    expect(links.map((link) => link.textContent?.trim())).toEqual(pages);
  });

  it("tells from everywhere how many results wait for a decision", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const told = await open({}, "/settings");
    await vi.waitFor(() => expect(screen.getByRole("navigation")).toBeTruthy());
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.getByRole("link", { name: /^Sync/ }).textContent).toContain("3 results wait for a decision");
    for (let burst = 0; burst < 10; burst += 1) await emit("changed", "shops");
    await vi.advanceTimersByTimeAsync(25_000);
    expect(asked(told, "sync_page").length, "a burst of news is one question").toBe(2);
  });

  it("refuses a page that is not of the role, with a way on", async () => {
    await open({ role: "operator" }, "/people");
    expect(await screen.findByText("This page is not part of your role")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Go to the start" })).toBeTruthy();
  });
});

describe("the lock", () => {
  it("takes the pages out of the window and lets the strip run on", async () => {
    await open({}, "/people");
    expect(await screen.findByText("Owen Hartley")).toBeTruthy();
    callStrip.take({ state: "talking", since: "2026-01-01T10:00:00Z", now: "2026-01-01T10:01:05Z", pause_reason: null } as never);
    await session.lock();
    await screen.findByText("Locked");
    expect(document.body.textContent, "nobody from the pages is left").not.toContain("Owen Hartley");
    const strip = screen.getByTestId("lock-strip");
    expect(strip.textContent).toContain("Talking");
    expect(strip.textContent).toMatch(/01:0[5-9]/);
    await type("Password", "right");
    await press("Unlock");
    expect(await screen.findByText("Owen Hartley"), "back where one was").toBeTruthy();
  });

  it("comes by itself when nothing is touched, and not while someone works", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
    const told = await open({}, "/settings");
    await screen.findByRole("navigation");
    vi.advanceTimersByTime(4 * 60_000);
    await fireEvent.pointerMove(window);
    vi.advanceTimersByTime(4 * 60_000);
    expect(asked(told, "lock"), "a move begins the five minutes anew").toHaveLength(0);
    vi.advanceTimersByTime(70_000);
    await waitFor(() => expect(asked(told, "lock")).toHaveLength(1));
  });
});

describe("shops", () => {
  it("are connected through a check in plain words", async () => {
    const told = await open({ shops: "none" }, "/shops/new");
    const address = await screen.findByLabelText("Shop address");
    await type("Consumer key", "ck_1");
    await type("Consumer secret", "wrong");
    const attempt = async (where: string, words: RegExp): Promise<void> => {
      await fireEvent.input(address, { target: { value: where } });
      await press("Check the connection");
      await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(words));
    };
    await attempt("https://shop.example.com", /does not accept this key/);
    await attempt("http://shop.example.com", /not be encrypted/);
    expect(screen.getByLabelText(/Allow a connection without encryption/), "the cure is opened").toBeTruthy();
    await type("Consumer secret", "readonly");
    await attempt("https://shop.example.com", /may not write/);
    await type("Consumer secret", "cs_1");
    await attempt("https://blog.example.com", /not a shop of this kind/);
    await fireEvent.input(address, { target: { value: "https://shop.example.com" } });
    await press("Check the connection");
    await press("Connect");
    await screen.findByText("214 orders here already");
    expect(asked(told, "connect_shop")).toMatchObject([{ shop: { secret: "cs_1", zone: "Europe/Kyiv", name: "Техношок" } }]);
  });

  it("show words of a shop as text, whatever they hold", async () => {
    const told = await open({}, "/shops");
    await screen.findByText("Kettle & Co");
    expect(asked(told, "shops").length).toBeGreaterThan(0);
    expect(document.querySelectorAll("main script, main img")).toHaveLength(0);
  });

  it("go only when their name is typed", async () => {
    await open({}, "/shops/s3");
    await press("Remove the shop");
    const dialog = await screen.findByRole("dialog", { hidden: true });
    const typed = within(dialog).getByLabelText(/Type “Kettle & Co”/);
    await fireEvent.input(typed, { target: { value: "Kettle" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    expect((await within(dialog).findByRole("alert")).textContent).toContain("does not match");
    await fireEvent.input(typed, { target: { value: "Kettle & Co" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(window.location.hash).toBe("#/shops"));
  });

  it("ask for nothing that their kind does not need, and say where to find the rest", async () => {
    await open({ shops: "none" }, "/shops/new");
    await screen.findByLabelText("Consumer key");
    await type("Consumer secret", "cs_1");
    await fireEvent.click(screen.getByRole("radio", { name: /Shopify/ }));
    expect(screen.queryByLabelText("Consumer key"), "a Shopify shop has no key beside its token").toBeNull();
    const token = screen.getByLabelText("Admin API access token") as HTMLInputElement;
    expect(token.value, "another shop's secret is not taken along").toBe("");
    expect(screen.getByText("write_order_edits"), "the rights to tick are named").toBeTruthy();
    expect(screen.getByLabelText("Shop address")).toBeTruthy();
    const calls = screen.getByLabelText("Client secret of the app");
    expect(calls.closest("details"), "only for a shop that reports changes itself").not.toBeNull();
    await fireEvent.click(screen.getByRole("radio", { name: /Base/ }));
    const address = screen.getByLabelText("Shop address");
    expect(address.closest("details"), "one address for all accounts: only under Advanced").not.toBeNull();
    expect((address as HTMLInputElement).required).toBe(false);
  });

  it("lead from what did not arrive to where it is decided", async () => {
    await open({}, "/shops/s2");
    await press("not delivered 2");
    expect(window.location.hash).toMatch(/^#\/sync\/s2/);
  });

  it("take a new key only when the shop accepts it", async () => {
    const told = await open({}, "/shops/s3");
    await fireEvent.click((await screen.findAllByRole("button", { name: "New key" }))[0] as HTMLElement);
    const dialog = await screen.findByRole("dialog", { hidden: true });
    await fireEvent.input(await within(dialog).findByLabelText("Consumer key"), { target: { value: "ck_2" } });
    const secret = within(dialog).getByLabelText("Consumer secret");
    await fireEvent.input(secret, { target: { value: "wrong" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    expect((await within(dialog).findByRole("alert")).textContent).toMatch(/does not accept this key/);
    await fireEvent.input(secret, { target: { value: "cs_2" } });
    await fireEvent.submit(dialog.querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(screen.queryByRole("dialog", { hidden: true })).toBeNull());
    expect(asked(told, "rekey_shop").at(-1)).toEqual({ shop: "s3", user: "ck_2", secret: "cs_2" });
  });
});
