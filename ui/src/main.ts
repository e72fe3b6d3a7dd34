import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";

if (import.meta.env.MODE === "mock") {
  const { pretend } = await import("@/lib/ipc/mock");
  pretend();
}

// Both alphabets of a first page, on their way while the desk is asked how things stand.
void document.fonts.load('1em "Inter Variable"', "Яz");

if (document.readyState === "loading") {
  await new Promise((ready) => document.addEventListener("DOMContentLoaded", ready, { once: true }));
}
const target = document.getElementById("app");
if (target) mount(App, { target });
