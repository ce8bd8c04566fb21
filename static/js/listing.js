// On a narrow screen the filters begin folded, so that the results are the first thing one sees.
if (matchMedia("(max-width: 48rem)").matches) {
  document.querySelector("[data-open-wide]")?.removeAttribute("open");
}
