// axe on a page as it stands: every rule of the tags, every element.

import { AXE } from "./packages.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

/** Makes axe known to a page that was just loaded. */
export async function bring(window) {
  for (const frame of window.frames()) {
    await frame.evaluate(`${AXE}; 0`);
  }
}

/** Notes axe's violations. */
export async function judge(window, address, way, findings) {
  const violations = await window.evaluate(async (values) => {
    const found = await globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any, all, none }) => ({
        what: `axe ${id}: ${[...any, ...all, ...none][0]?.message ?? help}`,
        at: target.flat().join(" "),
      })),
    );
  }, TAGS);
  for (const { what, at } of violations) {
    findings.note(address, what, { at, way });
  }
}
