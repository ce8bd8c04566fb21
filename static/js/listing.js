// On a narrow screen the filters begin folded, so that the results are the first thing one sees.
if (matchMedia("(max-width: 48rem)").matches) {
  document.querySelector("[data-open-wide]")?.removeAttribute("open");
}

// While one chooses, htmx shows what fits. The address keeps only what is chosen, and the numbers beside the choices
// are written anew in place, so that nothing one has opened or stands on moves.
const search = document.getElementById("search");

search?.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== search) return;
  const { parameters } = event.detail;
  for (const [name, value] of [...parameters.entries()]) if (value === "") parameters.delete(name);
});

search?.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  const found = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  for (const number of search.querySelectorAll(".n[id]")) {
    number.textContent = found.getElementById(number.id)?.textContent ?? "0";
  }
});
