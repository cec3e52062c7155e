// What Quasar's menus lack for whoever hears them (WCAG 2.2: 4.1.2 Name, Role, Value).
(() => {
  const LIST = ".q-virtual-scroll__content, .q-virtual-scroll__padding";
  const NAMES = ["aria-label", "aria-describedby", "aria-required"];
  const mend = (root) => {
    // A list's children are its options; what only holds them is nobody's to stop at.
    for (const each of root.querySelectorAll(LIST)) each.removeAttribute("tabindex");
    // A menu in which nothing is typed is named at what is around it.
    for (const menu of root.querySelectorAll(".q-select__focus-target")) {
      const around = menu.parentElement.closest(".q-field__native");
      for (const name of NAMES.filter((each) => around?.hasAttribute(each))) {
        menu.setAttribute(name, around.getAttribute(name));
        around.removeAttribute(name);
      }
    }
  };
  new MutationObserver((changes) => {
    const places = new Set(changes.filter(({ addedNodes }) => addedNodes.length).map(({ target }) => target));
    for (const place of places) mend(place);
  }).observe(document.documentElement, { subtree: true, childList: true });
})();
