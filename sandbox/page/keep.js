// Keeps where somebody has scrolled to, and which field they are in, when what they see is drawn again.
// `data-keep` on what scrolls is the name of what it shows: a place, a form, a tab.
(() => {
  const scrolled = new Map();
  const field = new Map();
  const keyOf = (element) => element.closest?.("[data-keep]")?.dataset.keep;
  document.addEventListener("scroll", ({ target }) => {
    if (target.dataset?.keep) scrolled.set(target.dataset.keep, target.scrollTop);
  }, true);
  document.addEventListener("focusin", ({ target }) => {
    const key = keyOf(target);
    if (key) field.set(key, target.ariaLabel);
  });
  const restore = (element, isNew) => {
    const key = element.dataset.keep;
    element.scrollTop = scrolled.get(key) ?? 0;
    const dialog = element.closest("[role=dialog]");
    if (!isNew || !dialog || !field.has(key) || document.activeElement !== document.body) return;
    const label = field.get(key);
    const same = [...element.querySelectorAll("[aria-label]")].find((each) => each.ariaLabel === label);
    (same ?? dialog).focus({ preventScroll: true });
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") restore(target, false);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.dataset?.keep) restore(node, true);
        for (const inner of node.querySelectorAll("[data-keep]")) restore(inner, true);
      }
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-keep"],
  });
})();
