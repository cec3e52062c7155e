// Keeps where somebody has scrolled to, and where their keyboard is, when what they see is drawn again or closed.
// `data-keep` on what scrolls is the name of what it shows: a place, a form, a tab.
(() => {
  const scrolled = new Map();
  const focused = new Map();
  let held = null;
  let column = null;
  const nameOf = (element) => element.ariaLabel ?? element.innerText;
  const keyOf = (element) => element.closest?.("[data-keep]")?.dataset.keep;
  document.addEventListener("scroll", ({ target }) => {
    if (target.dataset?.keep) scrolled.set(target.dataset.keep, target.scrollTop);
  }, true);
  document.addEventListener("focusin", ({ target }) => {
    const key = keyOf(target);
    [held, column] = [target, target.closest(".person-column") ?? column];
    if (target.matches(".composer textarea")) focused.clear();
    focused.delete(key);
    if (key) focused.set(key, { ts: target.closest("[data-ts]")?.dataset.ts, name: nameOf(target) });
  });
  const restore = (element) => { element.scrollTop = scrolled.get(element.dataset.keep) ?? 0; };
  // The keyboard goes to what stands in the place of what is gone: the same button or field, the message, the form;
  // otherwise to where it was before, or to where one writes.
  const goBack = () => {
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    const dialog = column?.querySelector("[role=dialog]");
    const places = [...(dialog ?? column)?.querySelectorAll("[data-keep]") ?? []];
    for (const [key, { ts, name }] of [...focused].reverse()) {
      const place = places.find((each) => each.dataset.keep === key && each.checkVisibility());
      const within = ts ? place?.querySelector(`[data-ts="${ts}"]`) : place;
      const all = [...within?.querySelectorAll("button, input, textarea, [aria-label]") ?? []];
      const to = all.find((each) => nameOf(each) === name) ?? (ts && within);
      if (to && to === within) to.tabIndex = -1;
      to?.focus({ preventScroll: true });
      if (to === document.activeElement) return;
    }
    (dialog ?? column?.querySelector(".composer textarea"))?.focus({ preventScroll: true });
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") restore(target);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.dataset?.keep) restore(node);
        for (const inner of node.querySelectorAll("[data-keep]")) restore(inner);
      }
    }
    if (held && !held.isConnected) requestAnimationFrame(goBack);
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
