// Watches the bar of a search until it is gone: by how many per cent it was ever off the time that had
// passed. Where it begins is taken as it stands, since the search began before.
const [limit] = arguments;
window.barWatched = new Promise((resolve) => {
  const bar = () => document.querySelector('[data-testid=solving] [role=progressbar]');
  const told = () => Number(bar().getAttribute('aria-valuenow'));
  const begun = performance.now() - (told() / 100) * limit * 1000;
  let farthest = 0;
  const look = () => {
    if (bar() === null) {
      const ended = ((performance.now() - begun) / (limit * 1000)) * 100;
      clearInterval(timer);
      resolve(Math.max(farthest, Math.abs(100 - ended)));
      return;
    }
    const passed = ((performance.now() - begun) / (limit * 1000)) * 100;
    farthest = Math.max(farthest, Math.abs(told() - Math.min(100, passed)));
  };
  const timer = setInterval(look, 50);
});
