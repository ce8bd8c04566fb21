// On a narrow screen the filters begin folded, so that the results are the first thing one sees.
if (matchMedia("(max-width: 48rem)").matches) {
  document.querySelector("[data-open-wide]")?.removeAttribute("open");
}

// While one chooses, htmx shows what fits. The address keeps only what is chosen, and the numbers beside the choices
// are written anew in place, so that nothing one has opened or stands on moves. What stands in [data-not-live] is
// looked for with its own button alone: until then the search goes on with what the page was opened with.
const search = document.getElementById("search");
const slow = [...(search?.querySelectorAll("[data-not-live] [name]") ?? [])];

for (const part of search?.querySelectorAll("[data-not-live]") ?? []) {
  part.addEventListener("change", (event) => event.stopPropagation());
}

function asOpened(field) {
  if (field.options) return [...field.options].filter((option) => option.defaultSelected).map((option) => option.value);
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked ? [field.value] : [];
  return [field.defaultValue];
}

search?.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== search) return;
  const { parameters } = event.detail;
  for (const field of slow) parameters.delete(field.name);
  for (const field of slow) for (const value of asOpened(field)) parameters.append(field.name, value);
  for (const [name, value] of [...parameters.entries()]) if (value === "") parameters.delete(name);
});

// A word of one or two letters is looked for whole, so while it is being typed there is nothing to show yet.
search?.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig;
  const last = search.elements.q.value.trim().split(/\s+/).pop();
  if (elt === search && triggeringEvent?.type === "input" && [1, 2].includes(last.length)) event.preventDefault();
});

// htmx says so on what is replaced, and the results stand beside the form, not in it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  const found = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  for (const number of search.querySelectorAll(".n[id]")) {
    number.textContent = found.getElementById(number.id)?.textContent ?? "0";
  }
});
