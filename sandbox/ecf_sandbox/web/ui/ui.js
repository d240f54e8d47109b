// Keys for a clicker and a keyboard. Every one of them is a link or a control on the page as well.
"use strict";
(() => {
  const KEYS = {
    ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back",
    w: "why", v: "vary", t: "timeline", m: "money", c: "clock", p: "present",
  };
  const root = document.documentElement;
  const kept = (name, value) => {
    try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
  };
  if (kept("ecf-large") === "1") root.classList.add("large");
  document.querySelector("#say, h1")?.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, summary, button, pre, [role=region]")) return;
    const letter = event.key.length === 1 && event.key !== " ";
    if (letter && kept("ecf-letters") === "0") return;
    if (event.key === "+" || event.key === "-") {
      root.classList.toggle("large", event.key === "+");
      kept("ecf-large", event.key === "+" ? "1" : "0");
      return;
    }
    if (event.key === "/") { document.querySelector("input[type=search]")?.focus(); event.preventDefault(); return; }
    if (event.key === " " && event.target.closest("a")) return;
    const link = document.querySelector(`a[data-key=${KEYS[event.key] || "none"}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
  // The journal as it grows: the twin in JSON says whether there is something new, the page itself has it.
  const live = document.querySelector("[data-live]");
  if (!live) return;
  const button = document.querySelector("[data-live-button]");
  let following = true, newest = live.dataset.newest;
  button.hidden = false;
  button.addEventListener("click", () => {
    following = !following;
    button.textContent = following ? "Stop following" : "Follow";
  });
  setInterval(async () => {
    if (!following || document.hidden || live.contains(document.activeElement)) return;
    try {
      const found = String((await (await fetch(live.dataset.live)).json()).newest);
      if (found === newest) return;
      const text = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
      live.replaceChildren(...fresh.childNodes);
      newest = found;
    } catch { /* the sandbox is gone; a reload will tell */ }
  }, 2000);
})();
