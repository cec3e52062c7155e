// A list or month that opens in a form opens below its field: where there is no room the field is moved up.
(() => {
  let opener = null;
  const remember = ({ target }) => { opener = target.closest?.(".d-body .q-select, .d-body .field-button") ?? null; };
  document.addEventListener("click", remember, true);
  document.addEventListener("keydown", remember, true);
  const makeRoom = (menu) => {
    const body = opener?.closest(".d-body");
    if (!body || !menu.isConnected) return;
    const [field, question, form] = [opener, opener.closest(".b-input") ?? opener, body]
      .map((each) => each.getBoundingClientRect());
    const fills = body.closest(".dialog").offsetHeight > body.closest(".veil").clientHeight - 40;
    const up = Math.min(
      field.bottom + menu.offsetHeight + 4 - (fills ? form.bottom : innerHeight),
      question.top - form.top,
    );
    if (up <= 0) return;
    const lacking = up - (body.scrollHeight - body.clientHeight - body.scrollTop);
    if (lacking > 0) {
      const padding = parseFloat(getComputedStyle(body).paddingBottom);
      // What is empty below the last field has to be filled before anything scrolls.
      const empty = form.bottom - padding - body.lastElementChild.getBoundingClientRect().bottom;
      body.style.paddingBottom = `${padding + lacking + Math.max(empty, 0)}px`;
    }
    body.scrollTop += up;
  };
  // A list is as high as it will be only some frames after it has opened.
  const grows = new ResizeObserver((sizes) => { for (const { target } of sizes) makeRoom(target); });
  const menus = (nodes) => [...nodes].flatMap((node) =>
    node.matches?.(".q-menu") ? [node] : [...(node.querySelectorAll?.(".q-menu") ?? [])]);
  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const menu of menus(addedNodes)) grows.observe(menu);
      for (const menu of menus(removedNodes)) {
        grows.unobserve(menu);
        for (const body of document.querySelectorAll(".d-body[style]")) body.style.paddingBottom = "";
      }
    }
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
