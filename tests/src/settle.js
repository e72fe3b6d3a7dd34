// Waits until fonts are there and nothing outside specimens of parts is still loading, then two frames more.
const [limit, done] = arguments;
const late = AbortSignal.timeout(limit);
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const loading = () =>
  location.hash !== '#/components' &&
  document.querySelector('[aria-busy=true], main [data-loading], main:empty') !== null;
document.fonts.ready
  .then(async () => {
    while (loading() && !late.aborted) await frame();
    await frame();
    await frame();
  })
  .then(() => done(!late.aborted));
