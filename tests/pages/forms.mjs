// Whether a page's own policy lets its forms be sent.

// forms of a page that are sent
const SENT = 3;
const PATIENCE_MS = 5000;

/** Sends the forms of a page that ask by GET, as they are, and notes those that lead nowhere. */
export async function checkForms(window, url, address, findings) {
  await window.goto(url);
  const count = await window.locator("form").count();
  for (let index = 0; index < Math.min(count, SENT); index++) {
    await window.goto(url);
    const left = window.waitForEvent("framenavigated", { timeout: PATIENCE_MS }).then(
      () => true,
      () => false,
    );
    const form = window.locator("form").nth(index);
    const isSent = await form.evaluate((element) => {
      const isReady = element.method === "get" && element.checkValidity();
      if (isReady) {
        element.requestSubmit();
      }
      return isReady;
    });
    if (isSent && !(await left)) {
      findings.note(address, "a form cannot be sent", { at: `form ${index + 1} of ${count}` });
    }
  }
}
