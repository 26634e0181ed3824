// Small behaviours on top of pages that are complete without them.
(() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];
  const isTyping = (element) =>
    element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // One voice for screen readers. Emptying first makes the same words heard again.
  const say = (words) => {
    const voice = find("#say");
    if (!voice) return;
    voice.textContent = "";
    setTimeout(() => (voice.textContent = words), 50);
  };

  // What went wrong is seen and heard, and goes away with the next answer that comes.
  const notify = (words) => {
    const notice = find("#notice");
    if (notice && notice.textContent !== words) notice.textContent = words;
  };

  // --- Relative times: the words change, datetime and title stay. The server writes the same words.
  const relativeWords = (seconds) => {
    const size = Math.abs(seconds);
    if (size < 60) return "just now";
    const [length, unit] = size < 3600 ? [60, "m"] : size < 86400 ? [3600, "h"] : [86400, "d"];
    const words = `${Math.floor(size / length)}${unit}`;
    return seconds > 0 ? `${words} ago` : `in ${words}`;
  };
  const refreshTimes = () => {
    for (const time of findAll("time[data-live]")) {
      const words = relativeWords((Date.now() - new Date(time.dateTime)) / 1000);
      if (time.textContent !== words) time.textContent = words;
    }
  };
  setInterval(() => document.hidden || refreshTimes(), 30000);
  document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());

  // --- Theme: a cookie that the server reads on the next request. Without this the form does the same.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const secure = location.protocol === "https:" ? ";secure" : "";
    root.dataset.theme = theme;
    document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax${secure}`;
    findAll("button", event.target).find((button) => button !== event.submitter)?.focus();
    say(theme === "dark" ? "Dark theme" : "Light theme");
  });

  // --- Popovers stand below their button. Browsers without anchor positioning get it from here.
  if (!CSS.supports("position-area", "block-end")) {
    const place = (popover) => {
      const button = find(`[popovertarget="${popover.id}"]`)?.getBoundingClientRect();
      if (!button) return;
      const { offsetWidth: width, offsetHeight: height } = popover;
      const below = button.bottom + height < innerHeight ? button.bottom : button.top - height - 8;
      Object.assign(popover.style, {
        inset: "auto",
        margin: "4px 0",
        left: `${Math.max(4, Math.min(button.left, innerWidth - width - 4))}px`,
        top: `${Math.max(4, below)}px`,
      });
    };
    document.addEventListener("toggle", (event) => event.newState === "open" && place(event.target), true);
  }

  // --- Focus goes where the page says: the summary of errors, the button whose value changed. Once.
  const focusMarked = () => {
    const marked = find("[data-focus]");
    marked?.removeAttribute("data-focus");
    marked?.focus();
  };
  focusMarked();
  if (location.hash === "#filter-text") find("#filter-text")?.focus();

  // --- htmx: busy only when the answer takes long, words when it does not come.
  const timers = new WeakMap();
  let around = [];
  const settle = (target, xhr) => {
    clearTimeout(timers.get(xhr));
    target.removeAttribute("aria-busy");
    findAll(".busy-indicator").forEach((indicator) => indicator.classList.remove("is-shown"));
  };
  // Questions that the page asks by itself change neither focus nor what is told as busy.
  const isPoll = (element) => element?.matches?.("[data-poll]");
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (isPoll(detail.elt)) return;
    around = [];
    const show = () => {
      detail.target.setAttribute("aria-busy", "true");
      findAll(".busy-indicator").forEach((indicator) => indicator.classList.add("is-shown"));
    };
    timers.set(detail.xhr, setTimeout(show, 120));
    const held = document.activeElement !== document.body && detail.elt.contains(document.activeElement);
    for (let part = held && detail.elt; part; part = part.parentElement?.closest("[id]")) around.push(part.id);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    settle(detail.target, detail.xhr);
    if (detail.successful) notify("");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // The session ended: the answer is the login page, which does not belong into a part of this one.
    const { xhr, requestConfig } = event.detail;
    if (!new URL(xhr.responseURL || location.href).pathname.startsWith("/accounts/")) return;
    event.detail.shouldSwap = false;
    if (requestConfig.verb === "get" && !isPoll(requestConfig.elt)) location.reload();
    else notify("You are logged out. Log in in another tab, then send this again: your text is still here.");
  });
  // Where what was pressed is gone, focus goes to what came in its place, else to the nearest part that stayed.
  const controls = "select, input:not([type=hidden]), textarea, button, a[href]";
  const keepFocus = (swapped, verb) => {
    if (!around.length || document.activeElement !== document.body) return;
    const stayed = around.map((id) => id && document.getElementById(id));
    const places = verb === "get" ? [swapped, ...stayed] : [...stayed, swapped];
    const control = places.filter((place) => place?.isConnected).map((place) => find(controls, place));
    control.find((element) => element)?.focus();
  };
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    focusMarked();
    const { requestConfig } = detail;
    if (requestConfig?.elt?.isConnected === false && !isPoll(requestConfig.elt)) keepFocus(detail.elt, requestConfig.verb);
    refreshTimes();
    markGuarded();
  });
  // The navigation is not part of what is swapped, so its mark follows the address here.
  const markCurrentView = () => {
    const plain = (address) => address.pathname + decodeURIComponent(address.search);
    for (const link of findAll(".nav-link, .tab-bar a:not([href*='#'])")) {
      if (plain(link) === plain(location)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  document.addEventListener("htmx:pushedIntoHistory", markCurrentView);
  document.addEventListener("htmx:replacedInHistory", markCurrentView);
  const offline = () => notify("No connection. What you see may be old, and your text is still here. Try again.");
  document.addEventListener("htmx:sendError", offline);
  document.addEventListener("htmx:timeout", offline);
  document.addEventListener("htmx:responseError", ({ detail }) =>
    notify(
      isPoll(detail.elt)
        ? "Could not refresh: what you see may be old."
        : `The server answered ${detail.xhr.status}. Nothing was saved.`,
    ),
  );

  // --- Typed text is not lost by leaving: forms with data-guard ask first.
  const unsaved = new Set();
  const markGuarded = () =>
    findAll("form[data-guard]:has(.field-invalid, [data-focus])").forEach((form) => unsaved.add(form));
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard]")) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  document.addEventListener("draft-kept", (event) => unsaved.delete(event.target.closest("form")));
  addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });
  markGuarded();

  // --- Keys. None fires while somebody types; body[data-keys=off] turns the single ones off.
  const moveInList = (step) => {
    const links = findAll(".incident-row .cell-name a");
    const at = links.findIndex((link) => link.closest(".incident-row").matches(":focus-within"));
    const next = links[Math.max(0, Math.min(links.length - 1, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const keys = {
    c: () => find("a[data-key=c]")?.click(),
    j: () => moveInList(1),
    k: () => moveInList(-1),
    u: () => find("#update-message")?.focus(),
    "/": () => [find("#filter-text"), find("#nav-search")].find((box) => box && isSeen(box))?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isOff = document.body.dataset.keys === "off" || find("dialog[open], [popover]:popover-open");
    if (!isPlain || isOff || isTyping(event.target) || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
