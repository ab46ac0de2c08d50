"""Boxes of everything a reader needs: what is cut, covered, or out of reach."""

from typing import Any

FAULTS = """(within) => {
  const faults = [];
  const name = (element) => {
    const text = element.getAttribute('aria-label') ?? element.textContent;
    return `${element.tagName.toLowerCase()}.${element.className} "${text.trim().slice(0, 40)}"`;
  };
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.mc-visually-hidden') === null;
  const over = (box, room, axis) => axis === 'x'
    ? box.left < room.left - 1.5 || box.right > room.right + 1.5
    : box.top < room.top - 1.5 || box.bottom > room.bottom + 1.5;
  // What must fit into every ancestor that clips, and into the window, unless an ancestor scrolls there.
  const misplaced = (element, box) => {
    const axes = new Set(['x', 'y']);
    for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      const room = at.getBoundingClientRect();
      for (const axis of axes) {
        const overflow = axis === 'x' ? style.overflowX : style.overflowY;
        if (overflow === 'auto' || overflow === 'scroll') axes.delete(axis);
        else if (axis === 'x' && style.textOverflow === 'ellipsis' && at.closest('[title]'))
          axes.delete(axis);
        else if (overflow !== 'visible' && over(box, room, axis)) return `cut by ${name(at).slice(0, 60)}`;
      }
    }
    const window_ = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    return [...axes].some((axis) => over(box, window_, axis)) ? 'outside' : axes.size === 2 ? '' : null;
  };
  const hits = (element, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (element.contains(hit) || (hit.closest('label')?.contains(element) ?? false));
  };

  const top = document.querySelector('dialog[open]') ?? document.querySelector(within);
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() === '' || !seen(parent)) continue;
    if (parent.closest('option, textarea, .mc-legends, .mc-film-lanes, .mc-rings, svg') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const said = `"${node.data.trim().slice(0, 40)}"`;
    const fault = misplaced(parent, box);
    if (fault) faults.push(`${said} ${fault}`);
    const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    if (fault === '' && getComputedStyle(parent).pointerEvents !== 'none' && !hits(parent, ...middle))
      faults.push(`${said} covered`);
  }

  const CONTROLS = 'button, input, select, textarea, summary, [role=treeitem], [tabindex="0"]:not(canvas)';
  for (const element of top.querySelectorAll(CONTROLS)) {
    if (!seen(element)) continue;
    const fault = misplaced(element.parentElement, element.getBoundingClientRect());
    if (fault) faults.push(`${name(element)} ${fault}`);
    if (fault === null) element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = element.getBoundingClientRect();
    const inset = Math.min(4, box.width / 4);
    const [left, middle, right] = [box.left + inset, (box.left + box.right) / 2, box.right - inset];
    if (![left, middle, right].every((x) => hits(element, x, (box.top + box.bottom) / 2)))
      faults.push(`${name(element)} covered`);
    if (element.tagName !== 'SELECT') continue;
    const style = getComputedStyle(element);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const arrow = 16;
    const room = box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    if (pen.measureText(element.selectedOptions[0]?.text ?? '').width > room + 1)
      faults.push(`${name(element)} cut`);
  }
  for (const element of document.querySelectorAll('.mc *')) element.scrollTop = element.scrollLeft = 0;
  return [...new Set(faults)];
}"""


def faults(viewer: Any, *, within: str = ".mc") -> list[str]:
    """What is cut, covered or out of reach in the page as it is now, or in one part of it."""
    viewer.rest()
    return list(viewer.js(FAULTS, within))
