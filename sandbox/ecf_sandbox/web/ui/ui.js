// Keys for a clicker and a keyboard. Every one of them is a link or a button on the page as well.
"use strict";
(() => {
  const KEYS = {
    ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last", Escape: "up",
    w: "why", v: "vary", t: "timeline", m: "money", c: "clock", p: "present", "?": "keys", "/": "search",
  };
  const root = document.documentElement;
  const kept = (name, value) => {
    try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
  };
  const buttons = document.querySelector("#controls"), letters = document.querySelector("[data-do=letters]");
  const show = () => {
    root.classList.toggle("large", kept("ecf-large") === "1");
    letters.setAttribute("aria-pressed", String(kept("ecf-letters") === "0"));
  };
  const act = (what) => {
    if (what === "letters") kept("ecf-letters", kept("ecf-letters") === "0" ? "1" : "0");
    else kept("ecf-large", what === "larger" ? "1" : "0");
    show();
  };
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => act(event.target.dataset.do));
  show();
  document.querySelector("h1[tabindex]")?.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event, field = target.closest("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || field) return;
    if (target.closest("summary, button, pre, [role=region]") && /^( |Arrow|Page|Home|End)/.test(key)) return;
    if (key.length === 1 && key !== " " && kept("ecf-letters") === "0") return;
    if (key === " " && target.closest("a")) return;
    if (key === "+" || key === "-") return act(key === "+" ? "larger" : "smaller");
    const search = key === "/" && document.querySelector("input[type=search]");
    const found = search || document.querySelector(`a[data-key~=${KEYS[key] || "none"}]`);
    if (!found) return;
    event.preventDefault();
    if (search) search.focus(); else found.click();
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
