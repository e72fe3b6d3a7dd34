import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";

if (import.meta.env.MODE === "mock") {
  const { pretend } = await import("@/lib/ipc/mock");
  pretend();
}

const target = document.getElementById("app");
if (target) mount(App, { target });
