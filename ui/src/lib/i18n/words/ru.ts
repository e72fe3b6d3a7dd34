/* A language's words, fetched when it is spoken. */
export default import.meta.glob<string>("../../../../locales/ru/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
