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
    columns: [{ key: "n", label: "Number", least: 80, share: 1 }],
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

it("lays the head and every row on the same tracks, whatever they hold", async () => {
  table();
  await screen.findByText("row 0");
  const grid = screen.getByRole("grid");
  expect(grid.style.getPropertyValue("--tracks")).toBe("minmax(80px, 1fr)");
  expect(grid.style.getPropertyValue("--narrowest"), "below it the table scrolls sideways").toBe("108px");
});

it("asks one thing at a time while it is dragged, and at the end for what is in sight", async () => {
  const { fetch } = table();
  await screen.findByText("row 0");
  let answer = (): void => undefined;
  fetch.mockImplementationOnce(async (offset) => {
    await new Promise<void>((go) => (answer = go));
    return [{ n: offset }];
  });
  const before = fetch.mock.calls.length;
  const grid = screen.getByRole("grid");
  for (let step = 1; step <= 50; step += 1) {
    grid.scrollTop = step * 36_000;
    await fireEvent.scroll(grid);
  }
  expect(fetch.mock.calls.length - before, "while the first question is open no other is asked").toBe(1);
  answer();
  await screen.findByText("row 50000");
  expect(fetch.mock.calls.length - before, "nothing that was only passed").toBeLessThan(4);
});

it("asks again when what it shows has changed", async () => {
  const { fetch, rerender } = table();
  await screen.findByText("row 0");
  const before = fetch.mock.calls.length;
  await rerender({ version: 1 });
  await waitFor(() => expect(fetch.mock.calls.length).toBeGreaterThan(before));
});
