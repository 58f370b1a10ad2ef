// The way of Tab through a page, and its skip link.

// stops of a page that are looked at
const STOPS = 40;
// stand in pages of others, and begin with their content
const EMBEDDED = /^\/(diagram|en\/chart)\//;

/** Whether what has the focus leads to a place of the page itself. */
const isSkipLink = (seen) => Boolean(seen?.isLink && seen.target.startsWith("#"));

/** Whether the pixels of a place change when the focus is taken from it. */
async function isPainted(window, clip, blur) {
  const focused = await window.screenshot({ clip });
  const sights = await blur();
  const blurred = await window.screenshot({ clip });
  return { sights, painted: !focused.equals(blurred) };
}

/** Goes on with Tab until the focus leaves the page; what shows the focus has to be there and, where asked for, painted. */
export async function walk(window, address, way, { pixels = false }, findings) {
  const blur = () => window.evaluate(() => globalThis.inside.blurred());
  for (let stop = 0; stop < STOPS; stop++) {
    await window.keyboard.press("Tab");
    const seen = await window.evaluate(() => globalThis.inside.focused());
    if (stop === 0 && !EMBEDDED.test(address) && !isSkipLink(seen)) {
      findings.note(address, "Tab does not reach a skip link first", { at: seen?.at, way });
    }
    if (!seen) {
      return;
    }
    const { at, clip, isInView } = seen;
    if (!isInView) {
      findings.note(address, "has the focus out of view", { at, way });
    }
    const { sights, painted } = pixels && clip ? await isPainted(window, clip, blur) : { sights: await blur(), painted: true };
    if (sights.every((sight, index) => sight === seen.sights[index])) {
      findings.note(address, "nothing shows that it has the focus", { at, way });
    } else if (!painted) {
      findings.note(address, "what shows that it has the focus is not painted", { at, way });
    }
  }
}

/** Follows the skip link of a page that was just loaded. */
export async function skip(window, address, findings) {
  if (EMBEDDED.test(address)) {
    return;
  }
  await window.keyboard.press("Tab");
  const seen = await window.evaluate(() => globalThis.inside.focused());
  if (!isSkipLink(seen)) {
    return;
  }
  await window.keyboard.press("Enter");
  const { isMain, at } = await window.evaluate(() => globalThis.inside.main());
  if (!isMain) {
    findings.note(address, "the skip link does not move the focus to the main content", { at });
  }
}
