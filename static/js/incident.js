// The incident page: copying its address, printing it, and a key for each thing that changes most.
(() => {
  const say = (words) => {
    const voice = document.querySelector("#say");
    if (voice) voice.textContent = words;
  };

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  for (const button of document.querySelectorAll("[data-copy-link]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const canonical = document.querySelector("link[rel=canonical]");
      await navigator.clipboard.writeText(canonical.href);
      say("Link copied");
    });
  }

  // S, V and L press what carries their letter. Focus comes first, so that Escape returns there.
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && "svl".includes(event.key);
    const isTyping = event.target.matches?.("input, textarea, select, [contenteditable]");
    const isOff = document.body.dataset.keys === "off" || document.querySelector("[popover]:popover-open");
    if (!isPlain || isTyping || isOff) return;
    const button = document.querySelector(`[data-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
})();
