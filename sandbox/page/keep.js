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
// Escape closes what lies on top, wherever the keyboard is: the highest `data-escape` in sight, in one's own
// column before another.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector(".q-menu")) return;
  const own = document.activeElement?.closest(".person-column");
  const weight = (each) => 2 * Number(each.dataset.escape) + (own?.contains(each) ? 1 : 0);
  const closers = [...document.querySelectorAll("[data-escape]")].filter((each) => each.checkVisibility());
  closers.sort((one, other) => weight(other) - weight(one))[0]?.click();
}, true);
// What somebody has pressed stays where it is while what came of it is drawn, unless they stand at the end
// and something new comes there.
document.addEventListener("click", ({ target }) => {
  const message = target.closest?.(".feed [data-ts]"), feed = message?.closest(".feed");
  if (!feed) return;
  const { ts } = message.dataset, last = () => [...feed.querySelectorAll("[data-ts]")].at(-1)?.dataset.ts;
  const newest = last();
  let top = message.getBoundingClientRect().top;
  const stay = new MutationObserver(() => {
    const same = feed.querySelector(`[data-ts="${ts}"]`);
    if (!same || last() !== newest) return;
    feed.scrollTop += same.getBoundingClientRect().top - top;
  });
  stay.observe(feed, { subtree: true, childList: true, characterData: true });
  const moved = () => { top = feed.querySelector(`[data-ts="${ts}"]`)?.getBoundingClientRect().top ?? top; };
  feed.addEventListener("wheel", moved);
  setTimeout(() => { stay.disconnect(); feed.removeEventListener("wheel", moved); }, 3000);
}, true);
