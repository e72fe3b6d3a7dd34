requestAnimationFrame(() => requestAnimationFrame(() => (document.title = "Empty")));
