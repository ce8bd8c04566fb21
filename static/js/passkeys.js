// Passkeys and security keys: the browser speaks bytes, the server base64url. A form with data-passkey says what to do:
//   login: ask the address in its action for a challenge first · authenticate: the challenge stands in the page · create.
// The answer goes into the form's credential field, then the form is sent as usual.

const toBytes = (text) => {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => list?.map((item) => ({ ...item, id: toBytes(item.id) }));

function forBrowser(options) {
  const ready = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.allowCredentials) ready.allowCredentials = known(options.allowCredentials);
  if (options.excludeCredentials) ready.excludeCredentials = known(options.excludeCredentials);
  return ready;
}

function forServer(credential) {
  const response = {};
  for (const key of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[key]) response[key] = toText(credential.response[key]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

const inPage = (form) => JSON.parse(document.getElementById(form.dataset.options).textContent);

async function fetched(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function ask(form) {
  if (form.dataset.passkey === "create") {
    const { publicKey } = inPage(form).creation_options;
    const alone = form.querySelector("[name=passwordless]");
    if (alone) {
      publicKey.authenticatorSelection ??= {};
      publicKey.authenticatorSelection.residentKey = alone.checked ? "required" : "discouraged";
      publicKey.authenticatorSelection.requireResidentKey = alone.checked;
      if (alone.checked) publicKey.authenticatorSelection.userVerification = "required";
    }
    return navigator.credentials.create({ publicKey: forBrowser(publicKey) });
  }
  const data = form.dataset.passkey === "login" ? await fetched(form) : inPage(form);
  return navigator.credentials.get({ publicKey: forBrowser(data.request_options.publicKey) });
}

function explain(form, error) {
  const status = form.querySelector("[data-passkey-status]");
  if (!status) return;
  status.hidden = false;
  status.textContent =
    error.name === "NotAllowedError"
      ? "The passkey was not used. Try again, or choose another way."
      : "This browser could not use a passkey here. Choose another way.";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-button]");
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    explain(form, new Error("unsupported"));
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      form.querySelector("[name=credential]").value = JSON.stringify(forServer(await ask(form)));
      form.submit();
    } catch (error) {
      explain(form, error);
      button.disabled = false;
    }
  });
}
