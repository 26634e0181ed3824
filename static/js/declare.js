// The declare page: who else is declaring the same is asked again and again, as long as somebody looks.
(() => {
  const panel = document.querySelector(".declare-similar");
  const texts = ["#id_name", "#id_summary"].map((id) => document.querySelector(id));
  const ask = () => {
    if (!document.hidden && texts.some((text) => text.value.trim())) htmx.trigger(panel, "refresh");
  };
  setInterval(ask, panel.dataset.refreshSeconds * 1000);
})();
