// Ticking many rows of the list: the page, a range, and none again.
(() => {
  const find = (selector) => document.querySelector(selector);
  const boxes = () => [...document.querySelectorAll("#selection tbody [type=checkbox]")];
  let last = "";

  const show = () => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    const head = find("#select_page");
    if (head) Object.assign(head, { checked: ticked === all.length, indeterminate: ticked > 0 && ticked < all.length });
    const match = find("#selection [name=all]");
    if (match && ticked < all.length) match.checked = false;
    return match?.checked ? match.parentElement.textContent : `${ticked} selected`;
  };
  const say = () => (find("#say").textContent = show());
  const tick = (some, checked) => {
    for (const box of some) box.checked = checked;
    say();
  };
  const prepare = () => {
    for (const control of document.querySelectorAll("#selection [hidden]")) control.hidden = false;
    show();
  };
  prepare();
  addEventListener("pageshow", show);
  document.addEventListener("htmx:afterSettle", prepare);

  document.addEventListener("click", ({ target, shiftKey }) => {
    if (target.id === "select_page") tick(boxes(), target.checked);
    if (target.matches?.(".bulk-page")) tick(boxes(), true);
    if (!target.matches?.("#selection tbody [type=checkbox]")) return;
    const all = boxes();
    const [from, to] = [all.findIndex((box) => box.value === last), all.indexOf(target)].sort((a, b) => a - b);
    last = target.value;
    tick(shiftKey && from >= 0 ? all.slice(from, to + 1) : [], target.checked);
  });
  document.addEventListener("change", ({ target }) => target.name === "all" && say());
  document.addEventListener("formdata", ({ formData }) => formData.has("all") && formData.delete("id"));
  document.addEventListener("reset", ({ target }) => target.id === "selection" && setTimeout(say));
  document.addEventListener("keydown", ({ key, target }) => {
    const isBusy = target.matches("[type=search]") || find("dialog[open], :popover-open");
    if (key === "Escape" && !isBusy && boxes().some((box) => box.checked)) find("#selection").reset();
  });
})();
