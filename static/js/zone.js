// Guesses the time zone where the form still shows the default. A zone that is not in the list is added to it.

const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const select of document.querySelectorAll("select[data-zone]")) {
  const untouched = [...select.options].every((option) => option.selected === option.defaultSelected);
  if (!guess || !untouched || document.querySelector(".is-invalid")) continue;
  if (![...select.options].some((option) => option.value === guess)) {
    select.append(new Option(guess.split("/").pop().replaceAll("_", " "), guess));
  }
  select.value = guess;
}
