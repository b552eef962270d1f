// The theme, before anything is painted. Light, dark, or what the system says; kept in this browser only.
(() => {
  const KEY = "postern.theme";
  const root = document.documentElement;
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY) ?? "system";
    } catch {
      return "system"; // Storage can be switched off: then it follows the system.
    }
  }

  function apply() {
    const theme = chosen();
    const dark = theme === "dark" || (theme === "system" && systemIsDark.matches);
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
    for (const radio of document.querySelectorAll("[data-theme-switch] input")) radio.checked = radio.value === theme;
  }

  root.classList.add("js");
  apply();
  systemIsDark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("DOMContentLoaded", apply);
  document.addEventListener("change", ({ target }) => {
    if (!target.closest("[data-theme-switch]")) return;
    try {
      localStorage.setItem(KEY, target.value);
    } catch {}
    apply();
  });
})();
