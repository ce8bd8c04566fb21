// SHA-256 of delivered scan files, computed here: read piece by piece (flat memory, whatever the size), never sent.
// A form with data-file-hash holds: [data-file-hash-drop] around a file input, [data-file-hash-progress] with a progress
// element and a status line, [data-file-hash-list] for the rows, and a hidden field "computed" that takes them as JSON:
// [{name, size, sha256}]. Without JavaScript, or without WebAssembly, the form's lines of text do the same work.

const PIECE = 4 * 1024 * 1024;
const TELL_EVERY = 250; // milliseconds between two lines of progress
const SAY_EVERY = 5000; // and between two of them said aloud

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

function bytes(count) {
  const step = count < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** step;
  return `${step ? value.toFixed(1) : value} ${UNITS[step]}`; // as the page says it of recorded files
}

function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

function made(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// The digest of one file. `onPiece` hears how many bytes were read; `signal` stops between two pieces.
async function digest(file, hasher, signal, onPiece) {
  hasher.init();
  const read = (at) => file.slice(at, at + PIECE).arrayBuffer();
  let next = read(0);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await next);
    signal.throwIfAborted();
    if (at + PIECE < file.size) {
      next = read(at + PIECE); // the disk works while the digest does
      next.catch(() => {}); // heard when it is awaited
    }
    hasher.update(piece);
    onPiece(piece.length);
  }
  signal.throwIfAborted();
  return hasher.digest("hex");
}

class FileHash {
  constructor(form) {
    this.form = form;
    this.drop = form.querySelector("[data-file-hash-drop]");
    this.input = this.drop.querySelector("input[type=file]");
    this.target = form.querySelector("input[name$=computed]");
    this.progress = form.querySelector("[data-file-hash-progress]");
    this.bar = this.progress.querySelector("progress");
    this.line = this.progress.querySelector("p");
    this.list = form.querySelector("[data-file-hash-list]");
    this.rows = this.kept();
    this.waiting = [];
    this.running = null;
    this.prepare();
  }

  // What the page came back with after a mistake elsewhere in the form.
  kept() {
    try {
      const rows = JSON.parse(this.target.value || "[]");
      return Array.isArray(rows) ? rows : [];
    } catch {
      return [];
    }
  }

  prepare() {
    this.input.removeAttribute("name"); // the files themselves must never be sent
    this.line.removeAttribute("role"); // four lines a second are for eyes; `spoken` is for ears
    this.spoken = made("p", "", { class: "visually-hidden", role: "status" });
    this.trouble = made("p", "", { class: "detail", role: "alert" });
    this.trouble.hidden = true;
    this.cancel = made("button", "Cancel", { type: "button", class: "btn small" });
    this.cancel.addEventListener("click", () => this.running?.abort());
    this.progress.append(this.cancel);
    this.progress.after(this.trouble, this.spoken);
    this.input.addEventListener("change", () => this.take(this.input.files));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.drop.addEventListener(kind, (event) => this.dragged(event));
    }
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("beforeunload", (event) => this.running && event.preventDefault());
    this.drop.hidden = false;
    this.show();
  }

  dragged(event) {
    event.preventDefault();
    this.drop.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  submitted(event) {
    if (!this.running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.explain("Files are still being read. Wait until they are done, or cancel.");
  }

  explain(sentence) {
    this.trouble.textContent = sentence;
    this.trouble.hidden = !sentence;
  }

  async take(files) {
    this.waiting.push(...files);
    this.input.value = ""; // so that the same file can be chosen again after a cancel
    if (this.running || !this.waiting.length) return;
    this.explain("");
    this.running = new AbortController();
    try {
      await this.work();
    } finally {
      this.running = null;
      this.waiting = [];
      this.progress.hidden = true;
    }
  }

  async work() {
    const signal = this.running.signal;
    const started = performance.now();
    const state = { read: 0, done: 0, started, told: 0, said: started };
    const problems = [];
    this.progress.hidden = false;
    const hasher = await this.hasher(problems);
    while (hasher && this.waiting.length && !signal.aborted) {
      const file = this.waiting[0];
      const before = state.read;
      try {
        this.tell(file, state);
        const sha256 = await digest(file, hasher, signal, (count) => {
          state.read += count;
          this.tell(file, state);
        });
        this.add({ name: file.name, size: file.size, sha256 }, problems);
        state.done += 1;
      } catch {
        state.read = before + file.size;
        if (!signal.aborted) problems.push(`“${file.name}” could not be read. It may have been moved or changed.`);
      }
      this.waiting.shift();
    }
    this.finished(state, problems, signal.aborted);
  }

  async hasher(problems) {
    try {
      return await globalThis.hashwasm.createSHA256();
    } catch {
      problems.push("This browser can’t compute SHA-256 here. Paste the lines that sha256sum prints instead.");
      return null;
    }
  }

  finished(state, problems, stopped) {
    const count = `${state.done} ${state.done === 1 ? "file" : "files"} read`;
    this.spoken.textContent = stopped ? `Canceled. ${count}.` : `${count}.`;
    this.explain([stopped ? `Canceled. ${count}.` : "", ...problems].filter(Boolean).join(" "));
  }

  tell(file, state) {
    const now = performance.now();
    if (now - state.told < TELL_EVERY) return;
    state.told = now;
    const total = state.read + this.left(state);
    const speed = state.read / Math.max(0.001, (now - state.started) / 1000);
    const parts = [`${file.name}: ${bytes(state.read)} of ${bytes(total)}`];
    if (state.read) parts.push(`${bytes(speed)}/s`, duration((total - state.read) / speed));
    this.bar.max = total || 1;
    this.bar.value = state.read;
    this.line.textContent = parts.join(" · ");
    if (now - state.said > SAY_EVERY) {
      state.said = now;
      this.spoken.textContent = `${Math.floor((100 * state.read) / (total || 1))} % read`;
    }
  }

  // Bytes not read yet: the rest of the file in hand (first in the queue) and all that wait behind it.
  left(state) {
    const queued = this.waiting.reduce((sum, file) => sum + file.size, 0);
    if (state.file !== this.waiting[0]) {
      state.file = this.waiting[0];
      state.base = state.read;
    }
    return Math.max(0, queued - (state.read - state.base));
  }

  add(row, problems) {
    const same = this.rows.find((other) => other.sha256 === row.sha256);
    if (same) {
      problems.push(`“${row.name}” is the same file as “${same.name}”.`);
      return;
    }
    this.rows.push(row);
    this.show();
  }

  remove(row, at) {
    this.rows = this.rows.filter((other) => other !== row);
    this.show();
    this.spoken.textContent = `${row.name} removed.`;
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(at, buttons.length - 1)] ?? this.input).focus();
  }

  show() {
    this.target.value = this.rows.length ? JSON.stringify(this.rows) : "";
    this.list.hidden = !this.rows.length;
    this.list.replaceChildren(...this.rows.map((row, at) => this.item(row, at)));
  }

  item(row, at) {
    const item = made("li");
    const words = made("div", "", { class: "grow" });
    words.append(made("p", row.name), made("p", row.sha256, { class: "hash" }));
    const button = made("button", "Remove", { type: "button", class: "linkish", "aria-label": `Remove ${row.name}` });
    button.addEventListener("click", () => this.remove(row, at));
    const size = typeof row.size === "number" ? bytes(row.size) : "";
    item.append(words, made("span", size, { class: "amount" }), button);
    return item;
  }
}

if (window.WebAssembly && globalThis.hashwasm) {
  for (const form of document.querySelectorAll("form[data-file-hash]")) new FileHash(form);
}
