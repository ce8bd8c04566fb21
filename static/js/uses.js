// <form data-uses>: adds and removes uses in the page. Without this, the same buttons ask the server to do it.

const MOST = 8;

function keepUses(form) {
  const list = form.querySelector("[data-uses-list]");
  const adding = form.querySelector("[data-uses-add]");
  const blank = form.querySelector("template[data-use-blank]");
  if (!list || !adding || !blank) return;

  const uses = () => [...list.querySelectorAll("[data-use]")];

  function number() {
    const shown = uses();
    shown.forEach((use, index) => {
      use.querySelector("[data-use-position]").textContent = index + 1;
      use.querySelector("[data-use-remove]").hidden = shown.length === 1;
    });
    adding.hidden = shown.length >= MOST;
  }

  function changed() {
    form.dispatchEvent(new Event("change", { bubbles: true })); // the draft is saved
  }

  function add() {
    const next = Math.max(-1, ...uses().map((use) => Number(use.id.replace("use-", "")))) + 1;
    const made = blank.content.cloneNode(true);
    for (const element of made.querySelectorAll("*")) {
      for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("use-__n__", `use-${next}`);
    }
    list.append(made);
    number();
    document.getElementById(`use-${next}`).querySelector("input").focus();
    changed();
  }

  function remove(use) {
    if (uses().length === 1) return;
    const after = use.nextElementSibling ?? use.previousElementSibling;
    use.remove();
    number();
    after.querySelector("h2").focus();
    changed();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    if (!button) return;
    if (button.value === "add-use") {
      event.preventDefault();
      add();
    } else if (button.value.startsWith("remove-use-")) {
      event.preventDefault();
      remove(button.closest("[data-use]"));
    }
  });
  number();
}

document.querySelectorAll("form[data-uses]").forEach(keepUses);
document.getElementById("faults")?.focus();
