"use strict";
/** The records: narrowed by what they say, sorted, a page at a time, and taken along as a table. */
{
  const { h, term } = payguide.dom;
  const { money, count, percent } = payguide.numbers;
  const { columns, currency, levels, rows, titles, top } = payguide.data;
  const PAGE = 50;
  /** What a spreadsheet takes for the start of a formula. */
  const FORMULA = /^[ \ufeff\u00a0]*[=+\-@\t\r\n|%]/;

  const form = document.getElementById("narrow");
  const at = Object.fromEntries(columns.map((name, k) => [name, k]));
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /** What is searched for words, once for each record. */
  const texts = rows.map((row) => `${row[at.employer]} ${row[at.title]} ${row[at.place]}`.toLowerCase());

  /** How each choice tells whether a record belongs. */
  const BELONGS = {
    level: (row, value) => value in row[at.levels],
    specialisation: (row, value) => row[at.specialisations].includes(value),
    tier: (row, value) => (value === "top" ? top.includes(row[at.tier]) : row[at.tier] === value),
  };
  const belongs = (row, key, value) => (BELONGS[key] ? BELONGS[key](row, value) : row[at[key]] === value);

  const levelOf = (row) => levels.findIndex((level) => level in row[at.levels]);
  const SORTS = {
    pay: (row) => row[at.low] + row[at.high],
    employer: (row) => row[at.employer].toLowerCase(),
    level: levelOf,
    place: (row) => row[at.place].toLowerCase(),
    date: (row) => row[at.date],
  };

  let shown = [];
  let page = 0;
  let sort = { by: "date", down: true };

  const wanted = () => Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]).filter(([, value]) => value));

  const narrowed = () => {
    const { words = "", ...choices } = wanted();
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const keys = Object.entries(choices);
    const found = rows.filter((row, k) => keys.every(([key, value]) => belongs(row, key, value)) && parts.every((part) => texts[k].includes(part)));
    const of = new Map(found.map((row) => [row, SORTS[sort.by](row)]));
    const sign = sort.down ? -1 : 1;
    return found.sort((a, b) => (of.get(a) < of.get(b) ? -sign : of.get(a) > of.get(b) ? sign : 0));
  };

  const record = (row, text, value) => h("data", { class: "record", "data-record": row[at.key], value }, text);

  const levelTold = (levels) => {
    const named = Object.entries(levels);
    return named.length === 1 ? capital(named[0][0]) : named.map(([level, share]) => `${capital(level)} ${percent(share)}`).join(", ") || "Not said";
  };

  const payTold = (row) => [...new Set([money(row[at.low], currency), money(row[at.high], currency)])].join("–");

  const soft = (...parts) => h("span", { class: "soft" }, ...parts);

  const sourceTold = (row) => {
    const name = h("cite", {}, titles[row[at.source]] ?? row[at.source]);
    const many = row[at.n_records];
    return soft(row[at.url] ? h("a", { href: row[at.url], rel: "noreferrer nofollow" }, name) : name,
      many > 1 ? [", in ", record(row, count(many), many), " records"] : null);
  };

  const drawn = (row) => h("tr", { id: `r-${row[at.key]}` },
    h("td", {}, record(row, payTold(row), row[at.low]), ` ${row[at.component]}`, row[at.quote] ? h("q", { class: "soft" }, row[at.quote]) : h("span", { class: "soft term" }, row[at.stated]),
      row[at.outlier] ? soft("Not counted: an outlier (", term(row[at.outlier]), ")") : null),
    h("td", {}, h("b", { class: "term" }, row[at.employer] || "Employer not said"), h("span", { class: "soft term" }, row[at.title])),
    h("td", {}, term(levelTold(row[at.levels]))),
    h("td", {}, term(row[at.place] || "Not said"), row[at.remote] === "unstated" ? null : soft(row[at.remote])),
    h("td", {}, h("time", { datetime: row[at.date] }, row[at.date]), sourceTold(row)));

  const meta = (key, value) => h("data", { class: "meta", "data-key": `records.${key}`, value }, count(value));

  const draw = () => {
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
    page = Math.min(Math.max(page, 0), last);
    document.getElementById("rows").replaceChildren(...shown.slice(page * PAGE, (page + 1) * PAGE).map(drawn));
    document.getElementById("found").replaceChildren(meta("found", shown.length), " of ", meta("shown", rows.length), " records",
      shown.length ? "." : ". Nothing fits all of these at once: take one away.");
    document.getElementById("at").replaceChildren("Page ", meta("page", page + 1), " of ", meta("pages", last + 1));
    document.getElementById("before").disabled = page === 0;
    document.getElementById("after").disabled = page === last;
    document.getElementById("pages").hidden = last === 0;
    for (const head of document.querySelectorAll("#pieces th")) {
      head.setAttribute("aria-sort", head.dataset.sort !== sort.by ? "none" : sort.down ? "descending" : "ascending");
    }
  };

  const again = () => {
    page = 0;
    shown = narrowed();
    draw();
  };

  const written = (value) => {
    const text = Array.isArray(value) ? value.join("; ")
      : typeof value === "object" ? Object.entries(value).map(([level, share]) => `${level} ${share}`).join("; ") : String(value);
    const safe = typeof value !== "number" && FORMULA.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  const take = () => {
    const text = [columns, ...shown].map((row) => row.map(written).join(",")).join("\n");
    const link = h("a", { href: URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" })), download: "records.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  };

  const remember = () => {
    history.replaceState(null, "", `#${new URLSearchParams(wanted())}`);
  };

  /** The choices that the address names; a metro or tier that no record has is put in, so that it can be seen. */
  const recall = () => {
    form.reset();
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
      const field = form.elements.namedItem(key);
      if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) {
        field.append(h("option", { value }, value));
      }
      if (field) {
        field.value = value;
      }
    }
    again();
  };

  for (const head of document.querySelectorAll("#pieces th")) {
    const button = h("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => {
      const by = head.dataset.sort;
      sort = { by, down: sort.by === by ? !sort.down : by === "pay" || by === "date" };
      again();
    });
    head.replaceChildren(button);
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { again(); remember(); }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { again(); remember(); }));
  document.getElementById("take").addEventListener("click", take);
  for (const [id, step] of [["before", -1], ["after", 1]]) {
    document.getElementById(id).addEventListener("click", () => {
      page += step;
      draw();
      document.getElementById("found").scrollIntoView();
    });
  }
  addEventListener("hashchange", recall);
  form.hidden = !rows.length;
  recall();
}
