import { UserPool } from "./browser/user-pool.js";

/** As many as the server keeps. */
const shownLines = 500;
/** Durations are shown in minutes. */
const clockMs = 20_000;

const element = (id) => document.getElementById(id);
const forms = { connect: element("connect"), send: element("send") };
const list = element("happenings");

let config = {};
/** This page's own connection. */
let socket;
let isSigningIn = false;
/** Open connections, as the server told last. */
let connections = [];
/** Lines that are not shown yet. */
let pending = [];
let isFrameDue = false;
/** Until the next lines: four times as long as the last ones took, so that a flood leaves most of a processor free. */
let restMs = 0;

follow();
setInterval(showConnections, clockMs);

/** Shows what the server tells, again and again: after a restart it is another run, of which nothing is shown yet. */
function follow() {
  const events = new EventSource("page.events");
  let run;
  events.addEventListener("run", ({ data }) => {
    if (run !== data) {
      list.replaceChildren();
      pending = [];
    }
    run = data;
    configure();
  });
  events.addEventListener("lines", ({ data }) => {
    const { missed, lines } = JSON.parse(data);
    const gap = { topic: "rest", what: "…", subject: "", text: `${missed} lines left out` };
    pending = [...pending, ...(missed > 0 ? [gap] : []), ...lines].slice(-shownLines);
    if (!isFrameDue) setTimeout(() => requestAnimationFrame(showLines), restMs);
    isFrameDue = true;
    if (lines.some(({ what }) => what === "reload")) configure();
  });
  events.addEventListener("connections", ({ data }) => {
    const { count, latest } = JSON.parse(data);
    element("count").textContent = count;
    connections = latest;
    showConnections();
  });
  events.addEventListener("error", () => {
    element("server").textContent = "the server is away";
  });
}

/** Asks what is served now: at first, and after each reload. */
async function configure() {
  config = await (await fetch("page.json")).json();
  const { title, url, signIn, obstacle } = config;
  document.title = title;
  element("title").textContent = title;
  element("server").textContent = url ?? "no API";
  element("obstacle").textContent = obstacle ?? "";
  element("obstacle").hidden = !obstacle;
  forms.connect.hidden = forms.send.hidden = element("own").hidden = Boolean(obstacle);
  element("user").hidden = !signIn;
  forms.connect.querySelector("button").disabled = !url;
  const { username: select } = forms.connect.elements;
  const chosen = select.value;
  const options = (signIn?.users ?? []).map(({ username, groups }) => {
    const label = groups.length > 0 ? `${username}, in ${groups.join(", ")}` : username;
    return new Option(label, username, false, username === chosen);
  });
  select.replaceChildren(...options);
  element("picture").src = `page.svg?${Date.now()}`;
}

/** One frame's lines at once. */
function showLines() {
  const startedAt = performance.now();
  isFrameDue = false;
  changeList(() => {
    list.append(...pending.map(itemOf));
    pending = [];
    while (list.childElementCount > shownLines) list.firstElementChild.remove();
  });
  restMs = 4 * (performance.now() - startedAt);
}

/** The list stays at its end if it is there. */
function changeList(change) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 8;
  change();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

/** As text, never as HTML: clients wrote it. */
function itemOf({ at, topic, style, what, subject, text }) {
  const item = document.createElement("li");
  Object.assign(item.dataset, { topic, style });
  const time = at ? new Date(at).toTimeString().slice(0, 8) : "";
  for (const [name, content] of Object.entries({ time, what, subject, text })) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = content;
    item.append(part, " ");
  }
  return item;
}

function showConnections() {
  const rows = connections.map(({ connectionId, user, openedAt, tokenExpiresAt }) => {
    const row = document.createElement("tr");
    row.append(
      ...[connectionId, user ?? "anyone", durationOf(Date.now() - openedAt), expiryOf(tokenExpiresAt)].map(
        (text) => {
          const cell = document.createElement("td");
          cell.textContent = text;
          return cell;
        },
      ),
    );
    return row;
  });
  element("connections").replaceChildren(...rows);
}

/** A connection outlives its token. */
function expiryOf(expiresAt) {
  if (!expiresAt) return "";
  const leftMs = expiresAt - Date.now();
  return leftMs > 0 ? `${durationOf(leftMs)} left` : `expired ${durationOf(-leftMs)} ago`;
}

function durationOf(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "< 1 min";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

forms.connect.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isSigningIn) return;
  isSigningIn = true;
  connect(forms.connect.elements.username.value)
    .catch((error) => own(`not connected: ${error.message}`))
    .finally(() => {
      isSigningIn = false;
    });
});
element("disconnect").addEventListener("click", () => socket.close(1000));
forms.send.addEventListener("submit", (event) => {
  event.preventDefault();
  socket.send(forms.send.elements.message.value);
});
element("topics").addEventListener("change", ({ target }) => {
  changeList(() => list.classList.toggle(`without-${target.name}`, !target.checked));
});

async function connect(username) {
  socket?.close(1000);
  own("connecting");
  const opened = await open(username);
  socket = opened;
  opened.addEventListener("open", () => own(username ? `connected as ${username}` : "connected"));
  opened.addEventListener("close", ({ code, reason }) => {
    // A browser is not told why it was refused; the authorizer's reason is among what happens.
    if (socket === opened) own(code === 1006 ? "not connected: see why below" : `closed: ${code} ${reason}`);
  });
}

async function open(username) {
  const { url, signIn } = config;
  if (!signIn) return new WebSocket(url);
  const userPool = new UserPool({ endpoint: signIn.userPoolEndpoint, clientId: signIn.clientId });
  const { password } = signIn.users.find((user) => user.username === username);
  const { accessToken, idToken } = await userPool.signIn(username, password);
  const token = signIn.tokenUse === "id" ? idToken : accessToken;
  return signIn.tokenSource === "query"
    ? new WebSocket(`${url}?token=${token}`)
    : new WebSocket(url, ["app.v1", `bearer.${token}`]);
}

/** Says how the page's own connection is, and lets it be used only while it is open. */
function own(text) {
  element("own").textContent = text;
  const isOpen = socket?.readyState === WebSocket.OPEN;
  element("disconnect").disabled = !isOpen;
  forms.send.querySelector("button").disabled = !isOpen;
}
