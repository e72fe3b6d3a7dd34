const [selector, pattern, limit, done] = arguments;
const wanted = new RegExp(pattern, 'u');
const look = () => {
  for (const element of document.querySelectorAll(selector)) {
    const held = (element.matches('input, textarea, select') ? element.value : element.textContent).trim();
    if (element.checkVisibility() && wanted.test(held)) return held;
  }
};
const observer = new MutationObserver(() => answer(look()));
const answer = (found) => {
  if (found === undefined) return;
  observer.disconnect();
  done({ found });
};
observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
AbortSignal.timeout(limit).addEventListener('abort', () => {
  observer.disconnect();
  done({ page: document.body.innerText });
});
answer(look());
