// Pages that ask for changes: not while hidden or paused, and without taking anything out of somebody's hands.
(() => {
  const QUIET = 60000;
  let isPaused = false;
  let lastSaid = -QUIET;
  try {
    isPaused = localStorage.getItem("live") === "paused";
  } catch {
    // No storage: every page begins live.
  }

  const showSwitch = () => {
    for (const button of document.querySelectorAll("[data-live-switch]")) button.setAttribute("aria-pressed", !isPaused);
  };
  showSwitch();
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-live-switch]")) return;
    isPaused = !isPaused;
    showSwitch();
    try {
      localStorage.setItem("live", isPaused ? "paused" : "");
    } catch {
      // As above.
    }
  });

  const isPoll = (element) => element?.matches?.("[data-poll]");
  document.addEventListener("htmx:confirm", (event) => {
    if (isPoll(event.target) && (isPaused || document.hidden)) event.preventDefault();
  });

  // What is being typed in, held open or ticked stays as it is; a new row takes over the tick of the old one.
  let isFromPoll = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => (isFromPoll = isPoll(detail.requestConfig?.elt)));
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!isFromPoll) return;
    const held = "form:focus-within, form :focus, :popover-open, form[data-guard]";
    if (!target.matches(".incident-row") && target.querySelector(held)) event.preventDefault();
    if (target.matches(".incident-row:focus-within")) fragment.querySelector("a")?.setAttribute("data-focus", "");
    const box = target.querySelector("[type=checkbox]:checked") && fragment.querySelector("[type=checkbox]");
    if (box) box.checked = true;
  });

  // The words are heard once a minute at most; they stand on the page all the while.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    showSwitch();
    const words = isPoll(detail.elt) && detail.elt.dataset.says;
    if (!words || performance.now() - lastSaid < QUIET) return;
    lastSaid = performance.now();
    document.querySelector("#say").textContent = words;
  });
})();
