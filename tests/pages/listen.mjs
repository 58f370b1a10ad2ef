// What a browser complains of while it shows a page, and what it loads.

/** Notes complaints and requests elsewhere from now on; gives the addresses that are loaded, which grow. */
export function listen(window, origin, address, findings) {
  const loaded = new Set();
  window.on("console", (message) => {
    if (message.type() === "error") {
      const { url } = message.location();
      const where = url && url !== origin + address ? ` (${url})` : "";
      findings.note(address, `console: ${message.text().replace(/\s+/g, " ")}${where}`);
    }
  });
  window.on("pageerror", (error) => findings.note(address, `script fails: ${error.message}`));
  window.on("requestfailed", (request) => findings.note(address, `request of ${request.url()} fails: ${request.failure()?.errorText}`));
  window.on("response", (response) => {
    if (response.status() >= 400) {
      findings.note(address, `request of ${response.url()} answers ${response.status()}`);
    }
  });
  window.on("request", (request) => {
    const url = new URL(request.url());
    if (!/^https?:$/.test(url.protocol)) {
      return;
    }
    if (url.origin !== origin) {
      findings.note(address, `loads ${url.href} from elsewhere`);
    } else if (!(request.isNavigationRequest() && request.frame() === window.mainFrame())) {
      loaded.add(url.href);
    }
  });
  return loaded;
}
