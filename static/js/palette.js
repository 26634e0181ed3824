// The command palette, and keys beyond those of app.js. Everything here leads to a page that exists without it.
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const palette = find("#palette");
  const input = find("#palette-input");
  const help = find("#keys");

  // --- The palette: a combobox whose list is fetched. Focus stays in the box, aria-activedescendant walks.
  const options = () => [...palette.querySelectorAll("[role=option]")];
  const activate = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", other === option);
    input.setAttribute("aria-expanded", Boolean(option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const openPalette = () => {
    if (!palette) return;
    if (palette.open) {
      palette.close();
      return;
    }
    help.close();
    palette.showModal();
    input.value = "";
    isOpening = false;
    input.dispatchEvent(new Event("opened"));
  };
  const openHelp = () => {
    if (!help) return;
    palette.close();
    help.showModal();
    find("#shortcuts").dispatchEvent(new Event("opened"));
  };
  const presses = {
    keys: openHelp,
    palette: openPalette,
    theme: () => {
      palette.close();
      const theme = document.documentElement.dataset.theme;
      const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      find(isDark ? ".theme-to-light" : ".theme-to-dark")?.click();
    },
  };
  document.addEventListener("click", (event) => {
    if (event.target === palette || event.target === help) event.target.close();
    const press = palette && presses[event.target.closest?.("[data-press]")?.dataset.press];
    if (!press) return;
    event.preventDefault();
    press();
  });
  // Enter opens what is found for the words as they stand; where that is still on its way, as soon as it is there.
  let isOpening = false;
  const isFound = () => find("#palette-results").dataset.question === input.value;
  const openActive = () => (options().find((option) => option.ariaSelected === "true") ?? options()[0])?.click();
  input?.addEventListener("input", () => (isOpening = false));
  input?.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.ariaSelected === "true");
    const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1 };
    if (event.key === "Enter") {
      isOpening = !isFound();
      if (!isOpening) openActive();
    } else if (event.key in moves && all.length) activate(all.at(moves[event.key] % all.length));
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id !== "palette-results" && detail.elt.id !== "palette-results") return;
    activate(options()[0]);
    const count = find("#palette-results").dataset.count;
    // What lies behind an open dialog is not heard.
    find("#palette-say").textContent = count === "1" ? "1 result" : `${count} results`;
    if (!isOpening || !isFound()) return;
    isOpening = false;
    openActive();
  });

  // --- Keys. None fires while somebody types, and none at all where a person turned them off.
  const row = () => find(".incident-row:focus-within");
  const goTo = (link) => link && location.assign(link.href);
  const places = { l: ".brand", d: "a[data-key=c]", s: ".nav-settings" };
  const keys = {
    "?": openHelp,
    f: () => {
      const button = find("#filter-add-button");
      button?.focus();
      button?.click();
    },
    o: () => find("a", row() ?? document.createElement("tr"))?.click(),
    r: () => find("#results") && location.reload(),
    x: ({ shiftKey }) => row() && find("[type=checkbox]", row())?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey })),
  };
  let isGoing = false;
  const go = (key) => {
    isGoing = false;
    if (places[key]) goTo(find(places[key]));
    else goTo(document.querySelectorAll(".nav-link:not(.nav-settings)")[key - 1]);
  };
  document.addEventListener(
    "keydown",
    (event) => {
      const key = event.key.toLowerCase();
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      const isTyping = event.target.matches?.(
        "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]",
      );
      const isOff = document.body.dataset.keys === "off" || find("dialog[open], [popover]:popover-open");
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping || isOff) return;
      if (isGoing && key.length === 1) {
        event.preventDefault();
        event.stopImmediatePropagation();
        go(key);
      } else if (key === "g") {
        isGoing = true;
        setTimeout(() => (isGoing = false), 1500);
      } else if (Object.hasOwn(keys, key)) {
        event.preventDefault();
        keys[key](event);
      }
    },
    true,
  );
})();
