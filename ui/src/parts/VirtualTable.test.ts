import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { expect, it, vi } from "vitest";
import VirtualTable from "./VirtualTable.svelte";

const LENGTH = 100_000;
const cell = createRawSnippet<[row: { n: number }, column: string]>((row) => ({
  render: () => `<i>row ${row().n}</i>`,
}));

function table(onopen?: (row: { n: number }) => void) {
  const fetch = vi.fn(async (offset: number, limit: number) =>
    Array.from({ length: Math.min(limit, LENGTH - offset) }, (_, at) => ({ n: offset + at })),
  );
  const shown = render(VirtualTable<{ n: number }>, {
    label: "calls",
    columns: [{ key: "n", label: "Number" }],
    total: LENGTH,
    fetch,
    cell,
    onopen,
  });
  return { fetch, ...shown };
}

it("keeps a hundred thousand rows out of the page", async () => {
  const { fetch } = table();
  expect(await screen.findByText("row 0")).toBeTruthy();
  expect(screen.getAllByRole("row").length, "only what is in sight").toBeLessThan(60);
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(LENGTH + 1));
  expect(fetch.mock.calls.length, "and asks for that alone").toBeLessThan(3);
});

it("is walked by keys to its very end, and opened", async () => {
  const onopen = vi.fn();
  table(onopen);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { code: "End" });
  await fireEvent.scroll(grid);
  const last = await screen.findByText(`row ${LENGTH - 1}`);
  expect(grid.getAttribute("aria-activedescendant")).toBe(last.closest("[role=row]")?.id);
  await fireEvent.keyDown(grid, { code: "Enter" });
  expect(onopen).toHaveBeenCalledWith({ n: LENGTH - 1 }, LENGTH - 1);
});

it("asks again when what it shows has changed", async () => {
  const { fetch, rerender } = table();
  await screen.findByText("row 0");
  const before = fetch.mock.calls.length;
  await rerender({ version: 1 });
  await waitFor(() => expect(fetch.mock.calls.length).toBeGreaterThan(before));
});
