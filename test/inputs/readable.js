// What a reader could not read of a page: look(window) or look(window, dialog).
function numbers(colour) { return colour.match(/[\d.]+/g).map(Number); }
function luminance(colour) {
  const [r, g, b] = numbers(colour).slice(0, 3).map(
      c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
function behind(element, view) {
  for (; element; element = element.parentElement) {
    const colour = view.getComputedStyle(element).backgroundColor;
    if ((numbers(colour)[3] ?? 1) > 0) return colour;
  }
  return "rgb(255, 255, 255)";
}
// What is to be seen of a box in the elements around it that scroll. What leaves
// a drawing is a mistake.
function clipped({left, right, top, bottom}, element, view) {
  element = element.closest("svg")?.parentElement ?? element;
  for (; element; element = element.parentElement) {
    if (view.getComputedStyle(element).overflowX === "visible") continue;
    const edge = element.getBoundingClientRect();
    left = Math.max(left, edge.left);
    right = Math.min(right, edge.right);
    top = Math.max(top, edge.top);
    bottom = Math.min(bottom, edge.bottom);
  }
  return {left, right, top, bottom, width: right - left, height: bottom - top};
}
function look(view, top = view.document.body) {
  const complaints = [], page = view.document, root = page.documentElement;
  let texts = 0;
  if (root.scrollWidth > root.clientWidth)
    complaints.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth}`);
  const ink = (colour, element, name) => {
    const ratio = contrast(colour, behind(element, view));
    if (ratio < 4.5) complaints.push(`too faint (${ratio.toFixed(1)}): ${name}`);
  };
  const boxes = [];
  const walk = page.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest("title, style, script, textarea")) continue;
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const range = page.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      const box = clipped(line, element, view);
      if (line.width === 0 || box.width <= 1 || box.height <= 1) continue;
      const name = node.data.trim().slice(0, 40);
      ++texts;
      if (box.left < -0.5 || box.right > root.clientWidth + 0.5)
        complaints.push(`beyond the window: ${name}`);
      if (line.height < 9) complaints.push(`too small: ${name}`);
      const style = view.getComputedStyle(element);
      ink(element.closest("svg") ? style.fill : style.color, element, name);
      boxes.push({name, box, place: element.closest("svg, td, th, dd, dt, p, h1, h2, h3")});
    }
  }
  for (const field of top.querySelectorAll("input, textarea"))
    if (field.placeholder && field.checkVisibility({visibilityProperty: true}))
      ink(view.getComputedStyle(field, "::placeholder").color, field, field.placeholder);
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      if (Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
          Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
        complaints.push(`overlap: ${a.name} | ${b.name}`);
  for (const {name, box, place} of boxes) {
    const around = (place ?? page.body).getBoundingClientRect();
    if (box.left < around.left - 1 || box.right > around.right + 1)
      complaints.push(`leaves its place: ${name}`);
  }
  return {complaints, texts, height: root.scrollHeight};
}
