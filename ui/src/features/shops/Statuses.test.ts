import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n/index.svelte";
import type { StatusTable } from "@/lib/ipc";
import { pretend } from "@/lib/ipc/mock";
import { go } from "@/lib/route.svelte";
import { session } from "@/lib/session.svelte";
import { begin } from "@/features/sync/mock";
import ShopsPage from "./ShopsPage.svelte";

type Told = ReturnType<typeof pretend>;
let told: Told;

beforeEach(async () => {
  begin("");
  told = pretend({ language: "en" });
  go("/shops/s1/statuses");
  await session.refresh();
  await i18n.use("en");
  render(ShopsPage);
  await screen.findByRole("table");
});

const pick = (label: string, value: string): Promise<boolean> =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const kept = (): StatusTable | null | undefined =>
  (told.calls.findLast((call) => call.command === "set_status_table")?.args as { table: StatusTable | null } | undefined)?.table;
const save = (): Promise<boolean> => fireEvent.click(screen.getByRole("button", { name: "Save" }));

describe("the table of statuses", () => {
  it("keeps what each status means, which steps there are and who may take them", async () => {
    expect((screen.getByRole("button", { name: "Save" }) as HTMLButtonElement).disabled, "nothing to save yet").toBe(true);
    await pick("What “Failed” means here", "cancelled");
    await pick("Allow “Completed” to be changed to", "cancelled");
    await pick("Who may change “Completed” to “Cancelled”", "supervisor");
    await fireEvent.click(screen.getByRole("button", { name: "No longer allow “Processing” → “Cancelled”" }));
    await pick("When the customer cancels, set", "");
    await save();
    await screen.findByText("Set by an administrator");
    const table = kept();
    expect(table?.statuses.find(({ word }) => word === "failed")?.stage).toBe("cancelled");
    expect(table?.transitions).toContainEqual({ from: "completed", to: "cancelled", least: "supervisor" });
    expect(table?.transitions.some(({ from, to }) => from === "processing" && to === "cancelled")).toBe(false);
    expect(table?.cancelled, "the shop's status is left alone").toBeNull();
  });

  it("says what would be wrong before it is saved, and keeps nothing when refused", async () => {
    await pick("When the customer confirms, set", "completed");
    const problems = await screen.findByRole("status");
    expect(problems.textContent).toContain("completed");
    await save();
    await waitFor(() => expect(told.calls.some(({ command }) => command === "set_status_table")).toBe(true));
    expect(screen.getByText("Not saved yet")).toBeTruthy();
    expect(screen.getByText("Suggested by the program")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("status"), "back to what holds").toBeNull());
  });

  it("goes back to the suggestion only when that is saved", async () => {
    await pick("What “Failed” means here", "cancelled");
    await save();
    await screen.findByText("Set by an administrator");
    await fireEvent.click(screen.getByRole("button", { name: "Back to the suggestion" }));
    const row = screen.getByText("Failed", { selector: "th span" }).closest("tr") as HTMLElement;
    expect((within(row).getByLabelText("What “Failed” means here") as HTMLSelectElement).value).toBe("other");
    expect(kept(), "not yet").not.toBeNull();
    await save();
    await screen.findByText("Suggested by the program");
    expect(kept()).toBeNull();
  });
});
