// Sees what is drawn inside an element as somebody with eyes does; gives what cannot be read, in words.
// `overlay` is for what lies over the page: nothing of it may be behind something else or off the screen.
([root, overlay]) => {
  const LEAST_CONTRAST = 4.5, SLACK = 2;
  const found = new Set();
  const told = (text) => `«${text.trim().replace(/\s+/g, " ").slice(0, 60)}»`;
  const complain = (what, text, more = "") => found.add(`${what}: ${told(text)}${more && ` (${more})`}`);

  // --- colours
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    const plain = colour.match(/^rgba?\(([^)]+)\)$/);
    if (plain) return plain[1].match(/[\d.]+/g).map(Number);
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a = 1], under, opacity = 1) =>
    [r, g, b].map((c, n) => c * a * opacity + under[n] * (1 - a * opacity));
  const remembered = (found, atTop) => {
    const known = new Map();
    return (element) => {
      if (!element) return atTop;
      if (!known.has(element)) known.set(element, found(element, getComputedStyle(element)));
      return known.get(element);
    };
  };
  const behind = remembered((element, style) => {
    const own = channels(style.backgroundColor);
    return own[3] === undefined || own[3] === 1 ? own : over(own, behind(element.parentElement));
  }, [255, 255, 255]);
  const opacity = remembered((element, style) => Number(style.opacity) * opacity(element.parentElement), 1);
  const isCutAway = remembered(
    (element, style) => style.clipPath === "inset(50%)" || isCutAway(element.parentElement), false);
  const luminance = (colour) => colour.map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const contrast = (element, style) => {
    const under = behind(element);
    const lights = [over(channels(style.color), under, opacity(element)), under].map(luminance);
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  };

  // --- what is seen of a box: cut by every box around it that does not show what is too big for it
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(".sr-only") && !isCutAway(element);
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  const cut = (box, element) => {
    const seen = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
    let scrolled = false, by = "";
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = around.getBoundingClientRect();
      const before = { ...seen };
      if (style.overflowX !== "visible") {
        seen.left = Math.max(seen.left, edge.left);
        seen.right = Math.min(seen.right, edge.right);
        if (!scrolls(style.overflowX) && seen.right - seen.left < before.right - before.left - SLACK && !scrolled)
          by = around.className || around.tagName;
      }
      if (style.overflowY !== "visible") {
        seen.top = Math.max(seen.top, edge.top);
        seen.bottom = Math.min(seen.bottom, edge.bottom);
        if (!scrolls(style.overflowY) && seen.bottom - seen.top < before.bottom - before.top - SLACK && !scrolled)
          by = around.className || around.tagName;
      }
      // What lies outside something that scrolls is a matter of scrolling, whatever is around that.
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) scrolled = true;
    }
    return { ...seen, by, isSeen: seen.right - seen.left > 1 && seen.bottom - seen.top > 1 };
  };

  // --- texts
  const pieces = [];
  const hasWords = /[\p{L}\p{N}☰✕⋯➤←]/u;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !visible(element) || ["STYLE", "SCRIPT", "OPTION"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    if (opacity(element) < 0.05) continue; // shown only to whoever points at it
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    // The name of an icon, which its font draws.
    if (!boxes.length || element.closest(".material-icons, .q-icon")) continue;
    if (hasWords.test(node.data)) {
      const ratio = contrast(element, style);
      if (ratio < LEAST_CONTRAST) complain("contrast", node.data, ratio.toFixed(2));
    }
    if (/:[a-z][a-z0-9_+-]{2,}:/.test(node.data)) complain("an emoji that is not drawn", node.data);
    for (const box of boxes) {
      const seen = cut(box, element);
      // A name that is too long ends in «…», and is told in full to whoever points at it.
      const shortened = element.closest("[title]") && style.textOverflow === "ellipsis";
      if (seen.by && !shortened) complain("clipped", node.data, `by ${seen.by}`);
      if (overlay && seen.isSeen && (box.left < -SLACK || box.right > innerWidth + SLACK))
        complain("off the screen", node.data);
      if (!seen.isSeen) continue;
      const at = document.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
      if (overlay && seen.bottom - seen.top > 6 && at && !at.contains(element) && !element.contains(at))
        complain("covered", node.data, `by ${at.className || at.tagName}`);
      pieces.push({ element, text: node.data, box: seen });
    }
  }
  for (const field of root.querySelectorAll("input, textarea")) {
    if (!visible(field) || ["checkbox", "radio"].includes(field.type)) continue;
    const words = field.value || field.placeholder;
    if (!words || opacity(field) < 0.05) continue;
    const ratio = contrast(field, getComputedStyle(field, field.value ? undefined : "::placeholder"));
    if (ratio < LEAST_CONTRAST) complain("contrast", words, ratio.toFixed(2));
    if (field.scrollWidth > field.clientWidth + SLACK) complain("clipped", words, "a field");
    const seen = cut(field.getBoundingClientRect(), field);
    if (seen.isSeen) pieces.push({ element: field, text: words, box: seen });
  }
  for (let n = 0; n < pieces.length; n++)
    for (let m = n + 1; m < pieces.length; m++) {
      const [a, b] = [pieces[n], pieces[m]];
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (across > 3 && down > 6 && a.element !== b.element) complain("overlap", a.text, `and ${told(b.text)}`);
    }

  // --- controls and boxes
  for (const control of root.querySelectorAll("select, input[type=date], input[type=time], input[type=datetime-local]"))
    if (visible(control))
      complain("drawn by the browser, in its own language", control.ariaLabel || control.name || control.type);
  for (const box of [root, ...root.querySelectorAll("*")]) {
    if (box.clientWidth < 2 || !visible(box) || box.matches("input, textarea, .columns, .q-field__native, pre")) continue;
    const { overflowX, overflowY, backgroundImage } = getComputedStyle(box);
    if (box.scrollWidth > box.clientWidth + SLACK && scrolls(overflowX))
      complain("scrolls sideways", box.className || box.tagName, `${box.scrollWidth} in ${box.clientWidth}`);
    const goesOn = box.scrollHeight > box.clientHeight + SLACK && scrolls(overflowY);
    if (goesOn && box.matches(".q-menu, .d-body") && !backgroundImage.includes("gradient"))
      complain("goes on and does not show it", box.className);
  }
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) complain("the page scrolls sideways", document.title, `${page.scrollWidth}`);
  if (overlay) {
    const box = root.getBoundingClientRect();
    if (!pieces.length || box.height < 10) complain("empty", root.className);
    if (box.left < -SLACK || box.right > innerWidth + SLACK || box.top < -SLACK || box.bottom > innerHeight + SLACK)
      complain("off the screen", root.className, `${Math.round(box.left)},${Math.round(box.top)}–${Math.round(box.right)},${Math.round(box.bottom)}`);
  }
  return [...found];
}
