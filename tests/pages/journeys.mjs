// Goes through the pages of a running service by keyboard alone and without scripts, as a list of journeys says:
// `node tests/pages/journeys.mjs --address URL --chromium PATH`.

import { inWindow, launch } from "./browser.mjs";
import { options } from "./options.mjs";
import { at, back, heading, on, press, tab } from "./steps.mjs";

const JOURNEYS = [
  {
    name: "past what every page begins with, and into English",
    from: "/docs",
    steps: [
      tab(/^Hoppa till innehållet$/, { role: "link", atMost: 1 }),
      press("Enter"),
      on("main"),
      back(/^In English$/, { role: "link" }),
      press("Enter"),
      at(/^\/en\/docs$/),
      heading(/^API documentation$/),
    ],
  },
];

const { address, chromium } = options("journeys.mjs --address URL --chromium PATH");
const browser = await launch(chromium, address);
let failed = 0;
try {
  for (const { name, from, steps } of JOURNEYS) {
    await inWindow(browser, {}, async (window) => {
      const answer = await window.goto(address + from);
      if (!answer.ok()) {
        failed++;
        console.log(`${from} | ${name} | cannot begin: ${answer.status()}`);
        return;
      }
      for (const [index, { says, run }] of steps.entries()) {
        try {
          await run(window);
        } catch (error) {
          failed++;
          console.log(`${from} | ${name} | step ${index + 1}, ${says}: ${error.message}`);
          return;
        }
      }
    });
  }
} finally {
  await browser.close();
}
if (failed > 0) {
  console.log(`journeys: FAILED, ${failed} of ${JOURNEYS.length}`);
  process.exit(1);
}
console.log(`journeys: ok, ${JOURNEYS.length} journeys by keyboard, ${JOURNEYS.reduce((sum, { steps }) => sum + steps.length, 0)} steps`);
