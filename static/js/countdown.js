// Keeps <time datetime="…" data-countdown> true while the page stays open: "3 d 22 h left", at last "time is up".

const MINUTE = 60, HOUR = 3600, DAY = 86400;

// The same words as portal/templatetags/wording.py: span().
function span(seconds) {
  if (seconds < MINUTE) return "under 1 min";
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
  if (hours) return minutes && hours < 6 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}

function show(clock) {
  const seconds = Math.floor((Date.parse(clock.dateTime) - Date.now()) / 1000);
  const words = seconds > 0 ? `${span(seconds)} left` : "time is up";
  if (clock.textContent !== words) clock.textContent = words;
  clock.closest(".banner")?.classList.toggle("soon", seconds > 0 && seconds < DAY);
}

const clocks = [...document.querySelectorAll("time[data-countdown]")];
const tick = () => clocks.forEach(show);

if (clocks.length) {
  tick();
  setInterval(tick, 15_000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
