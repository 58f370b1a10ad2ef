// What is asked of a document from inside of the browser: it is run in a page and leaves its functions there as `inside`.

/** Installs `inside`; sees nothing of this module when it is run. */
export function install() {
  const isShown = (element) => element.checkVisibility();

  /** A short selector of an element. */
  const path = (element) => {
    const steps = [];
    for (let at = element; at; at = at.parentElement) {
      if (at.id) {
        steps.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      const alike = [...(at.parentElement?.children ?? [])].filter((other) => other.localName === at.localName);
      steps.unshift(alike.length > 1 ? `${at.localName}:nth-of-type(${alike.indexOf(at) + 1})` : at.localName);
    }
    return steps.join(" > ");
  };

  /** What a form sends by GET when it is left as it is, once for each of its buttons. */
  const formLinks = (form) => {
    if (form.method !== "get" || !form.checkValidity()) {
      return [];
    }
    const buttons = [...form.elements].filter((element) => ["submit", "image"].includes(element.type));
    return (buttons.length > 0 ? buttons : [null]).map((button) => {
      const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
      const sent = [...new FormData(form, button)].filter(([, value]) => typeof value === "string");
      return { written: `${action.split(/[?#]/)[0]}?${new URLSearchParams(sent)}`, at: path(form) };
    });
  };

  /** Everything that a document links to, as written. */
  const links = (tree) => {
    const found = [];
    const add = (element, written) => written != null && found.push({ written: written.trim(), at: path(element) });
    for (const element of tree.querySelectorAll("a, area, link, image, use")) {
      add(element, element.getAttribute("href") ?? element.getAttributeNS("http://www.w3.org/1999/xlink", "href"));
    }
    for (const name of ["src", "poster", "data"]) {
      for (const element of tree.querySelectorAll(name === "data" ? "object[data]" : `[${name}]`)) {
        add(element, element.getAttribute(name));
      }
    }
    for (const element of tree.querySelectorAll("[srcset]")) {
      for (const one of element.getAttribute("srcset").split(",")) {
        add(element, one.trim().split(/\s+/)[0]);
      }
    }
    return [...found, ...[...tree.querySelectorAll("form")].flatMap(formLinks)];
  };

  /** What a document that is not shown says. */
  const read = ([text, type]) => {
    const tree = new DOMParser().parseFromString(text, type);
    return {
      error: type === "text/html" ? undefined : tree.querySelector("parsererror")?.textContent,
      title: tree.title?.trim() ?? "",
      canonical: tree.querySelector("link[rel=canonical]")?.getAttribute("href") ?? undefined,
      ids: [...tree.querySelectorAll("[id]")].map((element) => element.id),
      links: links(tree),
      handlers: [...tree.querySelectorAll("*")]
        .flatMap((element) => [...element.attributes].map((attribute) => [element, attribute.name]))
        .filter(([, name]) => name.startsWith("on"))
        .map(([element, name]) => ({ name, at: path(element) })),
    };
  };

  /** The page's language and title, and its headings in order. */
  const outline = () => ({
    lang: document.documentElement.getAttribute("lang"),
    title: document.title.trim(),
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")].filter(isShown).map((element) => ({
      level: Number(element.getAttribute("aria-level") ?? element.localName[1]),
      text: element.textContent.trim(),
      at: path(element),
    })),
  });

  /** By how much the page is wider than its window, and because of what. */
  const beyond = () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return null;
    }
    const end = (element) => {
      const { left, right } = element.getBoundingClientRect();
      return scrollX + Math.max(right, getComputedStyle(element).overflowX === "visible" ? left + element.scrollWidth : 0);
    };
    const scrolls = (element) => element !== document.body && getComputedStyle(element).overflowX !== "visible";
    const isOwn = (element) => {
      for (let at = element.parentElement; at && at !== document.documentElement; at = at.parentElement) {
        if (scrolls(at)) {
          return false;
        }
      }
      return true;
    };
    const wide = [...document.body.querySelectorAll("*")].filter((element) => end(element) > clientWidth + 1 && isOwn(element));
    const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    return { by: scrollWidth - clientWidth, at: path(innermost[0] ?? document.body) };
  };

  /** What a reader sees of a page, to compare two. */
  const rendered = () => ({
    text: document.body.innerText,
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  });

  // of elements that show where the focus is
  const sight = (element) => {
    const style = getComputedStyle(element);
    const isSeen = (kind, width, colour) => kind !== "none" && kind !== "hidden" && parseFloat(width) > 0 && !/^rgba\(.*, 0\)$/.test(colour);
    const line = (side) => {
      const [kind, width, colour] = ["style", "width", "color"].map((part) => style.getPropertyValue(`${side}-${part}`));
      return isSeen(kind, width, colour) ? `${kind} ${width} ${colour}` : "none";
    };
    const sides = ["outline", "border-top", "border-right", "border-bottom", "border-left"].map(line);
    // a shape has no border but a stroke
    const stroke = element instanceof SVGElement ? `${style.stroke} ${style.strokeWidth}` : "";
    return [...sides, style.boxShadow, stroke].join("; ");
  };
  // a control may be hidden behind its label, and a link in a drawing shows itself by its shapes
  const bearers = (element) => {
    const labels = [...(element.labels ?? [])];
    const shapes = element instanceof SVGElement ? [...element.querySelectorAll("*")] : [];
    return [element, ...labels, ...labels.flatMap((label) => [...label.querySelectorAll("*")]), ...shapes];
  };
  const part = (rect) => {
    const [left, top] = [Math.max(rect.left, 0), Math.max(rect.top, 0)];
    const [right, bottom] = [Math.min(rect.right, innerWidth), Math.min(rect.bottom, innerHeight)];
    return right - left >= 1 && bottom - top >= 1 ? { left, top, right, bottom } : null;
  };
  // in the window and with nothing in front of it, at one place at least
  const isInView = (element) =>
    [...element.getClientRects()].map(part).some(
      (seen) =>
        seen &&
        [0.02, 0.25, 0.5, 0.75, 0.98].some((across) =>
          [0.1, 0.5, 0.9].some((down) => {
            const hit = document.elementFromPoint(seen.left + across * (seen.right - seen.left), seen.top + down * (seen.bottom - seen.top));
            return element.contains(hit);
          }),
        ),
    );

  // what moves has arrived
  const settle = () => {
    for (const animation of document.getAnimations()) {
      animation.cancel();
    }
  };

  const reached = [];

  /** The element that has the focus; nothing when none has it or it had it before. */
  const focused = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement || reached.includes(element)) {
      return null;
    }
    reached.push(element);
    settle();
    const box = element.getBoundingClientRect();
    const room = 8;
    const clip = part({ left: box.left - room, top: box.top - room, right: box.right + room, bottom: box.bottom + room });
    return {
      at: path(element),
      isLink: element.localName === "a",
      target: element.getAttribute("href") ?? "",
      isInView: bearers(element).some(isInView),
      clip: clip && { x: clip.left, y: clip.top, width: clip.right - clip.left, height: clip.bottom - clip.top },
      sights: bearers(element).map(sight),
    };
  };

  /** The same element's sights once the focus is taken from it; the next Tab still goes on from there. */
  const blurred = () => {
    const element = reached.at(-1);
    element.blur();
    settle();
    return bearers(element).map(sight);
  };

  /** Where the focus is after a skip link: in the main content or not. */
  const main = () => {
    const element = document.activeElement;
    return { isMain: Boolean(element?.closest("main, [role=main]")), at: element ? path(element) : "" };
  };

  globalThis.inside = { read, outline, beyond, rendered, focused, blurred, main };
}
