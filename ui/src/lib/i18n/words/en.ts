/* A language's words, fetched when it is spoken. */
export default import.meta.glob<string>("../../../../locales/en/*.ftl", {
  query: "?raw",
  import: "default",
  eager: true,
});
