// Goes through the pages of a running service by keyboard alone and without scripts, as a list of journeys says:
// `node tests/pages/journeys.mjs --address URL --chromium PATH`.

import { inWindow, launch } from "./browser.mjs";
import { options } from "./options.mjs";
import { at, back, heading, on, press, reads, tab, type } from "./steps.mjs";

// as somebody writes them in a hurry, and as they are called
const PEERS = [
  ["lekeberg", /^Lägg till Lekeberg/],
  ["laxa", /^Lägg till Laxå/],
  ["hallsberg", /^Lägg till Hallsberg/],
  ["hallefors", /^Lägg till Hällefors/],
  ["ljusnarsberg", /^Lägg till Ljusnarsberg/],
  ["orebro", /^Lägg till Örebro \(Kommuner/],
  ["askersund", /^Lägg till Askersund/],
  ["karlskoga", /^Lägg till Karlskoga/],
];

/** Adds an organisation to a list of one's own that has so many. */
const add = ([written, link], before) => [
  tab(/^Organisation att lägga till$/, { role: "searchbox" }),
  type(written),
  press("Enter"),
  at(new RegExp(`add=${written}`)),
  tab(link, { role: "link" }),
  press("Enter"),
  at(new RegExp(`peers=members%3A(?:[^&]*?%2C){${before}}[^&%]*(?:&|$)`)),
];

const JOURNEYS = [
  {
    name: "from the start to a comparison with a list of one's own, and its report",
    from: "/",
    steps: [
      tab(/^Jämför$/, { role: "link" }),
      press("Enter"),
      at(/^\/jamfor$/),
      tab(/^Kommun, region, myndighet eller företag$/, { role: "searchbox" }),
      type("kumla"),
      press("Enter"),
      at(/find=kumla/),
      tab(/^Kumla \(Kommuner/, { role: "link" }),
      press("Enter"),
      heading(/^Kumla bredvid andra$/),
      tab(/^Egen lista$/),
      press("Enter"),
      ...PEERS.flatMap(add),
      reads(/För de 8 jämförda organisationerna är \d+\s% det typiska/),
      tab(/^Gör en rapport att skriva ut$/, { role: "link", atMost: 120 }),
      press("Enter"),
      at(/^\/rapport\?/),
      heading(/^Rapport: Kumla$/),
      reads(/Dialogblad/),
    ],
  },
  {
    name: "to a measure of one group, by its form",
    from: "/en",
    steps: [
      tab(/^Measures$/, { role: "link" }),
      press("Enter"),
      at(/^\/en\/measures$/),
      tab(/^Digital maturity$/, { role: "link" }),
      press("Enter"),
      at(/^\/en\/measures\/digital-maturity\/index$/),
      tab(/^Group$/, { role: "combobox" }),
      press("ArrowDown"),
      tab(/^Show$/, { role: "button" }),
      press("Enter"),
      at(/group=/),
      tab(/^Show as a table/),
      press("Enter"),
      heading(/^Digital maturity$/),
    ],
  },
  {
    name: "to a query in SQL, run as it stands",
    from: "/en/data/sql",
    steps: [
      tab(/^Query$/, { role: "textbox" }),
      tab(/^Run$/, { role: "button" }),
      press("Enter"),
      at(/q=select/),
      heading(/^Query with SQL$/),
      reads(/\d+ rows\./),
    ],
  },
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
