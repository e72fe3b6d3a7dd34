// Measures the next key: from the event's own time to the first frame after the page holds what the
// selector finds. Modifier keys only prepare a chord.
const [selector] = arguments;
window.keyToScreen = new Promise((resolve) => {
  const begin = ({ key, timeStamp }) => {
    if (['Control', 'Shift', 'Alt'].includes(key)) return;
    removeEventListener('keydown', begin, true);
    const observer = new MutationObserver(() => look());
    const look = () => {
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        // A message is delivered after the frame has been drawn.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - timeStamp);
        channel.port2.postMessage(null);
      });
    };
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  };
  addEventListener('keydown', begin, true);
});
return document.querySelector(selector) === null;
