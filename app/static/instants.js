// Instants and hours, which the server writes in UTC, in the viewer's own time. It runs before the page is painted and sees
// each part as it is parsed or swapped in: what was rewritten later would move what stands around it.
"use strict";

(() => {
  function distance(seconds) {
    const steps = [[3600, 60, "minute"], [86400, 3600, "hour"], [60 * 86400, 86400, "day"], [365 * 86400, 30 * 86400, "month"]];
    const [, unit, word] = steps.find(([below]) => seconds < below) ?? [0, 365 * 86400, "year"];
    const count = Math.floor(seconds / unit);
    return `${count} ${word}${count === 1 ? "" : "s"}`;
  }

  function relative(milliseconds) {
    const seconds = Math.abs(milliseconds) / 1000;
    if (seconds < 60) return milliseconds > 0 ? "in less than a minute" : "just now";
    return milliseconds > 0 ? `in ${distance(seconds)}` : `${distance(seconds)} ago`;
  }

  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  function localInstant(moment) {
    // As the server writes instants in UTC, with the name of the viewer's zone in its place.
    const [hours, minutes] = [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, "0"));
    const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" }).formatToParts(moment);
    const zone = parts.find(({ type }) => type === "timeZoneName").value;
    return `${moment.getDate()} ${MONTHS[moment.getMonth()]} ${moment.getFullYear()} ${hours}:${minutes} ${zone}`;
  }

  function localise(time) {
    const utc = (time.dataset.utc ??= time.title);
    const here = localInstant(new Date(time.dateTime));
    if (here === utc) return;
    if (time.matches("[data-relative], [data-stays]")) time.title = `${here} · ${utc}`;
    else if (time.textContent !== here) time.textContent = here;
  }

  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const away = relative(new Date(time.dateTime) - Date.now());
      // Written only where it differs: a live region around it would read the same words out again.
      if (time.textContent !== away) time.textContent = away;
    }
  }, 60_000);

  // ---- hours of the week in UTC, said in the viewer's own time as well

  const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

  function inThisWeek(day, time, nextDay) {
    const now = new Date();
    const monday = now.getUTCDate() - ((now.getUTCDay() + 6) % 7);
    const [hours, minutes] = time.split(":").map(Number);
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), monday + day + (nextDay ? 1 : 0), hours, minutes));
  }

  function sayLocally(note) {
    const { days, from, until } = note.dataset;
    const clock = (moment) => moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const weekday = (moment) => moment.toLocaleDateString("en-GB", { weekday: "short" });
    const spans = new Map();
    for (const day of days.split(" ").map((name) => DAYS.indexOf(name))) {
      const start = inThisWeek(day, from, false);
      const end = inThisWeek(day, until, until <= from);
      const past = end.getDay() === start.getDay() ? "" : " the next day";
      const times = `${clock(start)} to ${clock(end)}${past}`;
      spans.set(times, [...(spans.get(times) ?? []), weekday(start)]);
    }
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === "UTC") return;
    const named = (names) => (names.length === DAYS.length ? "every day" : names.join(", "));
    const said = [...spans].map(([times, names]) => `${named(names)} ${times}`).join("; ");
    note.textContent = `In your time this week (${zone}): ${said}.`;
  }

  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      // The parser may bring an instant's text after the instant itself.
      if (target instanceof Element && target.matches("time[title]")) localise(target);
      for (const added of addedNodes) {
        if (!(added instanceof Element)) continue;
        for (const part of [added, ...added.querySelectorAll("time[title], [data-hours]")]) {
          if (part.matches("time[title]")) localise(part);
          else if (part.matches("[data-hours]")) sayLocally(part);
        }
      }
    }
  }).observe(document, { childList: true, subtree: true });
})();
