// Every page works without this file. It adds: theme, "/" to search, "g" and a letter to go, "?" for help, copy, drawers that close by Escape, forms sent once, waiting for a call.
"use strict";

const root = document.documentElement;

function applyTheme(theme) {
  if (theme) root.dataset.theme = theme;
}

// The server writes data-theme from this cookie, so there is no flash.
applyTheme(document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1]);

function currentTheme() {
  if (root.dataset.theme) return root.dataset.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function toggleTheme() {
  const next = currentTheme() === "dark" ? "light" : "dark";
  applyTheme(next);
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
}

// On a phone the navigation is a line that scrolls: the current place is in sight.
document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

async function copy(button) {
  const source = document.getElementById(button.dataset.copy) ?? button.parentElement.querySelector("code");
  await navigator.clipboard.writeText(source.textContent.trim());
  const label = button.getAttribute("aria-label");
  button.dataset.done = "";
  // Where the button says in words what it does, its name must not say anything else.
  if (label) button.setAttribute("aria-label", "Copied");
  setTimeout(() => {
    delete button.dataset.done;
    if (label) button.setAttribute("aria-label", label);
  }, 2000);
}

// A drawer is a page of its own (its row is a link), so closing it without a script is a link too.
let opener = null;

function openDrawer(id, from) {
  opener = from;
  document.getElementById(id)?.show();
}

function closeDrawer(drawer) {
  drawer.close();
  (opener ?? document.getElementById(drawer.dataset.opener))?.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-copy], [data-theme-toggle], [data-close], [data-open], [data-dismiss]");
  if (!target) return;
  if (target.matches("[data-copy]")) copy(target);
  if (target.matches("[data-theme-toggle]")) toggleTheme();
  if (target.matches("[data-dismiss]")) document.getElementById(target.dataset.dismiss)?.remove();
  if (target.matches("[data-open]")) {
    event.preventDefault();
    openDrawer(target.dataset.open, target);
  }
  // A link that closes leads back to the list by itself.
  if (target.matches("[data-close]:not(a)")) {
    event.preventDefault();
    closeDrawer(target.closest("dialog"));
  }
});

// "g" and then the letter of a place in the navigation, within a second.
let goPressedAt = -Infinity;

function goTo(key) {
  const place = [...document.querySelectorAll("a[data-go]")].find((link) => link.dataset.go === key);
  if (place) location.assign(place.href);
}

function useKeys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") openDrawer("keys", document.activeElement);
  else if (performance.now() - goPressedAt < 1000) goTo(event.key);
  goPressedAt = event.key === "g" ? performance.now() : -Infinity;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("main [data-search], [data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  }
  if (!typing) useKeys(event);
  if (event.key === "Escape") {
    const drawer = document.querySelector("dialog.drawer[open]");
    const link = drawer?.querySelector("a[data-close]");
    if (link) link.click();
    else if (drawer) closeDrawer(drawer);
  }
});

// A form whose answer shows a secret is sent once: the answer to a second click would take its place.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-once]")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));

// A stream lives while its tab is looked at: a browser has six connections to a host, and tabs are forgotten.
const hiddenFor = 5000;

function whileLookedAt(start, stop) {
  let hidden;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(stop, hiddenFor);
    else start();
  });
  // One that was opened behind another begins when somebody looks at it.
  if (!document.hidden) start();
}

// A new token waits for its first call: the server says when it came.
function waitForCall(box) {
  const link = box.querySelector("a");
  let events = null;
  let isOver = false;
  whileLookedAt(() => {
    if (isOver || events) return;
    events = new EventSource(box.dataset.wait);
    events.onopen = () => { link.hidden = true; };
    events.onerror = () => { link.hidden = false; };
    events.onmessage = (event) => {
      const told = JSON.parse(event.data);
      box.className = `callout ${told.colour}`;
      box.querySelector("use").setAttribute("href", `#i-${told.colour}`);
      box.querySelector("h3").textContent = told.title;
      box.querySelector("p").textContent = told.text;
      if (!told.href) return;
      isOver = true;
      events.close();
      Object.assign(link, { href: told.href, hidden: false, textContent: "Open it in the audit" });
    };
  }, () => {
    events?.close();
    events = null;
  });
}

document.querySelectorAll("[data-wait]").forEach(waitForCall);

// The audit as it grows: rows come as the server renders them. One stream a tab; none once the tab has been hidden for some seconds.
const mostRows = 500;

function rowOf(html) {
  return new DOMParser().parseFromString(`<table><tbody>${html}</tbody></table>`, "text/html").querySelector("tr");
}

function follow(card) {
  const part = (name) => card.querySelector(`[data-live-${name}]`);
  const [bar, said, again, pause, table] = ["bar", "said", "again", "pause", "table"].map(part);
  const rows = table.querySelector("tbody");
  let last = card.dataset.after;
  let stream = null;
  let isPaused = false;
  let waiting = [];
  let fresh = 0;

  function show(html) {
    const row = rowOf(html);
    if (!row) return;
    // The call was under way before: its row is now this one.
    if (row.dataset.call) [...rows.children].find((other) => other.dataset.call === row.dataset.call)?.remove();
    rows.prepend(row);
    while (rows.children.length > mostRows) rows.lastElementChild.remove();
    table.hidden = false;
    part("empty")?.remove();
    fresh++;
  }

  function tell(words) {
    said.textContent = words ?? (isPaused ? `Paused, ${waiting.length} waiting` : fresh ? `Live, ${fresh} new` : "Live");
  }

  function stop(words) {
    stream?.close();
    stream = null;
    if (words) {
      tell(words);
      again.hidden = false;
      pause.hidden = true;
    }
  }

  function start() {
    if (stream || !again.hidden) return;
    const address = new URL(card.dataset.live, location.href);
    address.searchParams.set("after", last);
    stream = new EventSource(address);
    stream.onopen = () => tell();
    stream.onmessage = (event) => {
      last = event.lastEventId || last;
      if (!isPaused) show(event.data);
      else if (waiting.push(event.data) > mostRows) waiting.shift();
      tell();
    };
    stream.onerror = () => {
      if (stream?.readyState === EventSource.CLOSED) stop("Not live any more");
      else tell("Connecting again");
    };
    // How far the server has looked, so that whoever comes back asks for what is behind it.
    stream.addEventListener("seen", (event) => { last = event.lastEventId || last; });
    stream.addEventListener("ended", () => stop("Signed out"));
    stream.addEventListener("gap", () => stop("Too much has happened since"));
  }

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.querySelector("span").textContent = isPaused ? "Resume" : "Pause";
    if (!isPaused) waiting.splice(0).forEach(show);
    tell();
  });
  bar.hidden = false;
  whileLookedAt(start, () => stop());
}

document.querySelectorAll("[data-live]").forEach(follow);
