import { Connection } from "./connection.js";
import { expiryOf, UserPool } from "./user-pool.js";

/** A token that has less left than this is replaced before it is used. */
const spareMs = 60_000;
/** A user who cannot connect after so many attempts should know. */
const manyFailures = 3;
const shownMessages = 200;
const whoami = '{"action":"whoami"}';

const element = (id) => document.getElementById(id);
const forms = { signIn: element("sign-in"), newPassword: element("new-password"), send: element("send") };
const config = await (await fetch("config.json")).json();
const userPool = new UserPool({ endpoint: config.userPoolEndpoint, clientId: config.clientId });

/** The user's; in memory alone, where no later visitor finds them. */
let tokens;
let connection;
/** What `setNewPassword` takes. */
let newPassword;

async function getToken({ fresh }) {
  if (fresh || expiryOf(currentToken()) - Date.now() < spareMs)
    tokens = await userPool.refresh(tokens.refreshToken);
  return tokens && currentToken();
}

function currentToken() {
  return config.tokenUse === "id" ? tokens.idToken : tokens.accessToken;
}

function signedIn(received) {
  tokens = received;
  show("conversation");
  element("messages").replaceChildren();
  connection = new Connection({ url: config.url, protocol: "app.v1", getToken, keepAlive: whoami });
  connection.addEventListener("open", () => {
    tell("connected");
    problem();
    connection.send(whoami);
  });
  connection.addEventListener("message", ({ detail }) => add("received", detail));
  connection.addEventListener("waiting", ({ detail: { delayMs, failures } }) => {
    tell(`not connected, next attempt in ${Math.ceil(delayMs / 1000)} s`);
    if (failures >= manyFailures)
      problem("The API is out of reach, or does not let this user in. The attempts go on.");
  });
  connection.addEventListener("ended", () => {
    const isSessionOver = tokens === undefined;
    tokens = undefined;
    tell("signed out");
    show("sign-in");
    problem(isSessionOver ? "The session is over: sign in again." : "");
  });
}

onSubmit(forms.signIn, async ({ username, password }) => {
  const answer = await userPool.signIn(username, password);
  newPassword = answer.newPassword;
  if (newPassword) {
    // For the browser's own list of passwords.
    forms.newPassword.elements.username.value = newPassword.username;
    show("new-password");
  } else signedIn(answer);
});

onSubmit(forms.newPassword, async ({ password }) => {
  signedIn(await userPool.setNewPassword(newPassword, password));
});

onSubmit(forms.send, ({ message }) => {
  if (!connection.send(JSON.stringify({ action: "sendmessage", message })))
    throw new Error("Not connected: the message was not sent.");
  add("sent", message);
});

element("sign-out").addEventListener("click", () => connection.close());
// Until now the browser itself would have sent the form, with the password in the URL.
forms.signIn.querySelector("button").disabled = false;

/** Runs an action with what a form holds. Its failure is shown, and what was typed stays. */
function onSubmit(form, action) {
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    problem();
    try {
      await action(Object.fromEntries(new FormData(form)));
      form.reset();
    } catch (error) {
      problem(error.message);
    } finally {
      isBusy = false;
    }
  });
}

/** Shows one part, with the focus in its first field. */
function show(id) {
  for (const part of ["sign-in", "new-password", "conversation"]) element(part).hidden = part !== id;
  element(id).querySelector("input:not([hidden])").focus();
}

function tell(status) {
  element("status").textContent = status;
  add("note", status);
}

function problem(text = "") {
  element("problem").textContent = text;
}

/** As text, never as HTML: others wrote it. */
function add(kind, text) {
  const messages = element("messages");
  const item = document.createElement("li");
  item.dataset.kind = kind;
  item.textContent = text;
  messages.append(item);
  if (messages.childElementCount > shownMessages) messages.firstElementChild.remove();
  messages.scrollTop = messages.scrollHeight;
}
