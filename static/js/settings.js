// Settings: a token is copied with one press, a slider follows its number, and a form that makes something is sent once.
(() => {
  const say = (words) => {
    const voice = document.querySelector("#say");
    if (voice) voice.textContent = words;
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value ?? field.textContent);
        button.querySelector("span").textContent = "Copied";
        say("Copied");
      } catch {
        // The browser does not allow it here: the person copies what is selected.
        (field.closest("pre") ?? field).focus();
        field.select?.();
      }
    });
  }

  // A slider beside a field for a number: each follows the other, and the field is what is sent.
  for (const slider of document.querySelectorAll("[data-slider]")) {
    const field = document.getElementById(slider.dataset.slider);
    slider.hidden = false;
    slider.addEventListener("input", () => (field.value = slider.value));
    field.addEventListener("input", () => (slider.value = field.value));
  }

  // A second press would be answered instead of the first, whose answer shows the token.
  for (const form of document.querySelectorAll("form[data-once]")) {
    let isSent = false;
    form.addEventListener("submit", (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    addEventListener("pageshow", () => (isSent = false));
  }
})();
