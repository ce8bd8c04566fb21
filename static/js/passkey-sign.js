// Signing a confirm form with a passkey. The challenge stands in the page and is good for five minutes; one older than
// four is fetched anew first. The answer goes into the form's hidden field, then the form is sent as usual.

const FRESH_FOR = 4 * 60 * 1000;
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function forBrowser({ publicKey }) {
  const allowCredentials = (publicKey.allowCredentials ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));
  return { publicKey: { ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials } };
}

function forServer(credential) {
  const response = {};
  for (const key of ["clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[key]) response[key] = toText(credential.response[key]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

for (const box of document.querySelectorAll("[data-sign]")) {
  const button = box.querySelector("[data-sign-passkey]");
  if (!button || !window.PublicKeyCredential) continue;
  const form = box.closest("form");
  const status = box.querySelector("[data-sign-status]");
  const field = (name) => box.querySelector(`[name=${name}]`);
  let options = JSON.parse(document.getElementById("sign-options").textContent);
  let born = Date.now();

  const say = (words) => {
    status.hidden = !words;
    status.textContent = words;
  };

  const renew = async () => {
    if (!box.dataset.challengeUrl || Date.now() - born < FRESH_FOR) return;
    const answer = await fetch(box.dataset.challengeUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = await answer.json();
    field("challenge").value = fresh.challenge;
    ({ options } = fresh);
    born = Date.now();
  };

  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    button.disabled = true;
    say("");
    try {
      await renew();
      field("passkey").value = forServer(await navigator.credentials.get(forBrowser(options)));
      form.requestSubmit();
    } catch (error) {
      field("passkey").value = "";
      say(
        error.name === "NotAllowedError"
          ? "The passkey was not used. Try again."
          : "This browser could not use a passkey here. Load the page again, or sign another way.",
      );
      button.disabled = false;
    }
  });
}
