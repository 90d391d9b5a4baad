// Keeps this page fresh: reloads it when a newer generation of the book is
// served, and shows over it what is wrong when the book does not build.
(() => {
  "use strict";

  const { generation } = document.currentScript.dataset;
  // The page that the server shows when there is no book yet has a place for
  // the problem. Every other page gets one over it.
  const place = document.querySelector("#book-problem pre");
  let events = null;
  let again = 0;
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
    if (state.generation !== generation) {
      disconnect();
      location.reload();
      return;
    }
    problem = state.problem;
    if (problem !== dismissed) dismissed = null;
    show();
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
