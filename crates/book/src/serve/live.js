// Keeps this page fresh when a newer generation of the book is served, and
// shows over it what is wrong when the book does not build.
//
// A change of prose takes the place of what was there: the rest of the page
// stays as the reader has it, a program that runs and an open answer too.
// After any other change the page is loaded again.
(() => {
  "use strict";

  let { generation } = document.currentScript.dataset;
  // As it was sent: no other script has changed anything yet.
  let sent = document.body.cloneNode(true);
  // What the page's scripts hold on to.
  const HELD = "figure, form, pre, .calls, .table-wrapper";
  // The page that the server shows when there is no book yet has a place for
  // the problem. Every other page gets one over it.
  const place = document.querySelector("#book-problem pre");
  let events = null;
  let again = 0;
  let served = generation;
  let renewing = false;
  let problem = null;
  let dismissed = null;

  // A browser opens six connections to one server, over all its tabs. A page
  // that nobody sees gives its own back, and catches up when it is seen again.
  function connect() {
    clearTimeout(again);
    if (events || document.hidden) return;
    events = new EventSource("/_book/live");
    events.onmessage = (message) => update(JSON.parse(message.data));
    events.onerror = () => {
      // Most failures the browser retries by itself. Not all of them.
      if (events.readyState !== EventSource.CLOSED) return;
      disconnect();
      again = setTimeout(connect, 1000);
    };
  }

  function disconnect() {
    clearTimeout(again);
    events?.close();
    events = null;
  }

  function update(state) {
    served = state.generation;
    renew();
    problem = state.problem;
    if (problem !== dismissed) dismissed = null;
    show();
  }

  async function renew() {
    if (renewing) return;
    renewing = true;
    while (served !== generation) {
      if (await takesFresh().catch(() => false)) continue;
      disconnect();
      location.reload();
      return;
    }
    renewing = false;
  }

  // Fetches the page and puts what differs in its place. False if that takes
  // more than prose.
  async function takesFresh() {
    if (place) return false;
    const response = await fetch(location.pathname);
    if (!response.ok) return false;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const around = ({ children }) => [...children].filter(({ localName }) => localName !== "main");
    const main = (body) => body.querySelector("main");
    if (loads(document.head, fresh.head) || !same(around(sent), around(fresh.body))) return false;
    if (!swap(main(document.body), main(sent), main(fresh.body))) return false;
    document.title = fresh.title;
    sent = fresh.body;
    ({ generation } = fresh.querySelector("script[data-generation]").dataset);
    return true;
  }

  // Whether the fresh page needs a script or a sheet that this one has not loaded.
  function loads(head, fresh) {
    const files = (of) => [...of.querySelectorAll("[src], [rel~=stylesheet]")].map((file) => file.src ?? file.href);
    const had = new Set(files(head));
    return files(fresh).some((file) => !had.has(file));
  }

  function same(nodes, others) {
    return nodes.length === others.length && nodes.every((node, at) => node.isEqualNode(others[at]));
  }

  // Makes an element of the page, which was sent as `was`, what it is now. As
  // little as possible: the one child that differs, or some children in a row.
  function swap(here, was, now) {
    const [old, fresh] = [[...was.childNodes], [...now.childNodes]];
    if (here.matches(HELD) || here.childNodes.length !== old.length) return false;
    const least = Math.min(old.length, fresh.length);
    let before = 0;
    while (before < least && old[before].isEqualNode(fresh[before])) before += 1;
    let after = 0;
    while (after < least - before && old.at(-1 - after).isEqualNode(fresh.at(-1 - after))) after += 1;
    const cut = (nodes) => nodes.slice(before, nodes.length - after);
    const [gone, come] = [cut(old), cut(fresh)];
    const isAlike = gone.length === 1 && come.length === 1 && bare(gone[0]).isEqualNode(bare(come[0]));
    if (isAlike && gone[0].childNodes.length > 0) {
      const inner = here.childNodes[before];
      if (come[0].matches("[style]")) inner.style.cssText = come[0].getAttribute("style");
      return swap(inner, gone[0], come[0]);
    }
    if ([...gone, ...come].some((node) => node.matches?.(HELD) || node.querySelector?.(HELD))) return false;
    const next = here.childNodes[before + gone.length] ?? null;
    for (const node of cut([...here.childNodes])) node.remove();
    for (const node of come) here.insertBefore(document.importNode(node, true), next);
    return true;
  }

  // An element without what is in it, and without its style: a section's says how tall it is.
  function bare(node) {
    const copy = node.cloneNode();
    copy.removeAttribute?.("style");
    return copy;
  }

  function show() {
    if (place) {
      if (problem !== null) place.textContent = problem;
      return;
    }
    const box = document.getElementById("book-problem");
    if (problem === null || problem === dismissed) {
      box?.remove();
      return;
    }
    (box ?? makeBox()).querySelector("pre").textContent = problem;
  }

  function makeBox() {
    if (!document.querySelector('link[href="/_book/live.css"]')) {
      document.head.append(make("link", { rel: "stylesheet", href: "/_book/live.css" }));
    }
    const box = make("div", { id: "book-problem", className: "over-page" });
    box.setAttribute("role", "alert");
    document.body.append(box);
    box.append(
      make("button", { type: "button", textContent: "Dismiss (Esc)", onclick: dismiss }),
      make("p", { className: "title", textContent: "The book does not build" }),
      make("pre", { tabIndex: 0 }),
      make("p", {
        textContent: "This is the last good build. The next good save takes its place.",
      }),
    );
    return box;
  }

  function make(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  function dismiss() {
    dismissed = problem;
    show();
  }

  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("#book-problem.over-page");
    if (event.key === "Escape" && box) dismiss();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) disconnect();
    else connect();
  });
  // A page that the browser keeps for "back" may not stay connected.
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
})();
