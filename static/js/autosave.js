// <form data-autosave="/address/">: posts the form in the background 1.5 s after the last change and says so.
// A failure is said too, and tried again until it works; leaving the page with unsaved words asks first.

const PAUSE = 1500;
const RETRIES = [3000, 8000, 20_000, 60_000];

function keepSaved(form) {
  const status = form.querySelector("[data-autosave-status]") ?? form.appendChild(document.createElement("p"));
  status.classList.add("saved");
  status.setAttribute("role", "status");
  let timer, failures = 0, changes = 0, saved = 0, running = false;

  const say = (words, trouble = false) => {
    status.textContent = words;
    status.classList.toggle("trouble", trouble);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  // What was typed, without chosen files: those go with their own button.
  const words = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };

  // Signing in again in another tab makes a new token; the page asks for it, so that its own words can still be kept.
  async function renewToken() {
    const answer = await fetch(form.dataset.autosave, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const { token } = await answer.json();
    for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  }

  async function save() {
    if (running || saved === changes) return;
    running = true;
    const upTo = changes;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: words(),
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "error", // a redirect means the session ended: the words are not kept
        keepalive: document.visibilityState === "hidden",
      });
      if (answer.status === 403) await renewToken();
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).reason ?? "");
      saved = upTo;
      failures = 0;
      const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      say(`Saved at ${now}`);
    } catch (trouble) {
      const why = trouble instanceof TypeError ? "" : trouble.message;
      say(why ? `Not saved. ${why}` : "Not saved, we keep trying", true);
      later(RETRIES[Math.min(failures++, RETRIES.length - 1)]);
    }
    running = false;
    if (!failures && saved !== changes) later(PAUSE);
  }

  const changed = (event) => {
    if (event.target.type === "file") return;
    changes += 1;
    later(PAUSE);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    saved = changes;
  });
  window.addEventListener("online", () => later(0));
  // A phone that is put away, or a page that is left, may not come back to its timers.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && saved !== changes) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (saved !== changes) event.preventDefault();
  });
}

document.querySelectorAll("form[data-autosave]").forEach(keepSaved);
