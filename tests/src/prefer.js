const [language, theme, done] = arguments;
window.__TAURI_INTERNALS__.invoke('set_preferences', { language, theme }).then(
  () => done(true),
  (error) => done(String(error?.code ?? error)),
);
