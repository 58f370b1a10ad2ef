// The steps of a journey by keyboard: each does one thing in a window without scripts, and fails with what it found instead.

// Tab at most as often as this, where a step does not say
const STOPS = 60;
const PATIENCE_MS = 5000;

/** What a reader of the screen says of the element that has the focus: its role and its name. */
async function focused(window) {
  const session = await window.context().newCDPSession(window);
  const { result } = await session.send("Runtime.evaluate", { expression: "document.activeElement ?? document.body" });
  const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId: result.objectId, fetchRelatives: false });
  await session.detach();
  return { role: nodes[0]?.role?.value ?? "", name: nodes[0]?.name?.value ?? "" };
}

const said = ({ role, name }) => `${role} "${name}"`;

/** Tries until it holds or patience ends; gives what was found last. */
async function until(find, holds) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    // a page that is being left cannot be asked
    const found = await find().catch(() => undefined);
    if ((found !== undefined && holds(found)) || Date.now() > end) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Fails unless something comes to hold. */
async function expect(what, find, holds) {
  const found = await until(find, holds);
  if (found === undefined || !holds(found)) {
    throw new Error(`${what}, but it is ${JSON.stringify(found)}`);
  }
}

/** Goes on with a key until an element with this name, and this role if given, has the focus. */
const move = (key) =>
  (name, { role, atMost = STOPS } = {}) => ({
    says: `${key} to ${role ?? "what is named"} ${name}`,
    async run(window) {
      const passed = [];
      for (let stop = 0; stop < atMost; stop++) {
        await window.keyboard.press(key);
        const found = await focused(window);
        if (name.test(found.name) && (!role || found.role === role)) {
          return;
        }
        passed.push(said(found));
      }
      throw new Error(`within ${atMost} times of ${key} only ${passed.slice(-5).join(", ")}`);
    },
  });

/** Forwards. */
export const tab = move("Tab");

/** Backwards. */
export const back = move("Shift+Tab");

/** Presses a key, such as Enter, Space or ArrowDown. */
export const press = (key, times = 1) => ({
  says: `press ${key}`,
  async run(window) {
    for (let time = 0; time < times; time++) {
      await window.keyboard.press(key);
    }
  },
});

/** Writes text where the focus is. */
export const type = (text) => ({ says: `type "${text}"`, run: (window) => window.keyboard.type(text) });

/** Expects path and query of the page's address. */
export const at = (address) => ({
  says: `arrive at ${address}`,
  async run(window) {
    await expect(
      `the address should be ${address}`,
      async () => {
        const url = new URL(window.url());
        return url.pathname + url.search + url.hash;
      },
      (found) => address.test(found),
    );
    // an address is there before its page is
    await window.waitForLoadState("load");
  },
});

/** Expects a heading, by its text. */
export const heading = (text) => ({
  says: `find the heading ${text}`,
  run: (window) =>
    expect(
      `there should be a heading ${text}`,
      () => window.locator("h1, h2, h3, h4, h5, h6").allInnerTexts(),
      (found) => found.some((one) => text.test(one)),
    ),
});

/** Expects text somewhere in the main content. */
export const reads = (text) => ({
  says: `read ${text}`,
  async run(window) {
    const found = await until(() => window.locator("main").innerText(), (all) => text.test(all));
    if (!text.test(found ?? "")) {
      throw new Error(`the main content does not say ${text}`);
    }
  },
});

/** Expects the focus to be on an element of this role. */
export const on = (role) => ({
  says: `have the focus on ${role}`,
  run: (window) => expect(`the focus should be on ${role}`, () => focused(window), (found) => found.role === role),
});
