/** A colleague changed another paragraph: the box takes the text with both, if it still holds what was sent. */

/** Where the caret stands in the new text: as far from the nearer unchanged end as it was. */
function moved(at, before, after) {
  if (after.startsWith(before.slice(0, at))) return at;
  return after.endsWith(before.slice(at)) ? after.length - (before.length - at) : Math.min(at, after.length);
}

/**
 * Returns the revision that the box is based on from now on. A box that was typed in since keeps its text, and the
 * revision that holds what was sent: the next save is merged from there.
 */
export function takeMerged(box, sent, { value, revision, typed }) {
  if (!box || box.value !== sent) return typed;
  const caret = [box.selectionStart, box.selectionEnd].map((at) => moved(at, sent, value));
  box.value = value;
  if (box.ownerDocument.activeElement === box) box.setSelectionRange(...caret);
  box.dispatchEvent(new Event("input")); // to the count below it, not to the form: nothing was typed
  return revision;
}
