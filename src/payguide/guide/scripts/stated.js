"use strict";
/**
 * What an employer, and a place, states by itself: data points by kind and year, from the edition's table of them
 * (estimator/own_evidence.py, read here as there). It stands beside an answer and is no part of it.
 */
{
  const { h, counted, figure, term, table } = payguide.dom;
  const { money } = payguide.numbers;
  const EPOCH = 719_163;
  const DAYS = 365.25;
  const FILED = "filing";
  const POSTED = "posted_range";
  const UNSTATED = "unstated";

  /** The rows of the table, made ready when they are first asked for. */
  let rows = null;
  const all = () => {
    rows ??= unpack(payguide.own);
    return rows;
  };

  const unpack = (own) => {
    if (!own) {
      return [];
    }
    const columns = Object.fromEntries(Object.entries(own.columns).map(([name, text]) => [name, payguide.packed.integers(text)]));
    let employer = 0;
    return columns.n.map((n, k) => {
      employer += columns.employer[k];
      const at = { ...Object.fromEntries(Object.keys(own.words).map((name) => [name, columns[name][k]])), employer };
      const told = Object.fromEntries(Object.entries(own.words).map(([name, words]) => [name, words[at[name]]]));
      const day = own.day - columns.newest[k];
      const [low, more] = [columns.low[k], columns.high[k]];
      return { ...told, n, low: low < 0 ? null : low, high: low < 0 ? null : low + more, day, date: new Date((day - EPOCH) * 86_400_000).toISOString().slice(0, 10) };
    });
  };

  const yearOf = ({ date }) => date.slice(0, 4);
  const sum = (found) => found.reduce((total, { n }) => total + n, 0);
  const asOf = () => payguide.inputs.ordinal(payguide.edition.date);
  const recent = ({ day }) => (asOf() - day) / DAYS <= payguide.edition.limits.own.years;
  const latest = (found) => [...found].sort((one, other) => other.day - one.day);

  /** Years from the first to the last of rows: "2019" or "2019–2021". */
  const span = (found) => {
    const years = found.map(yearOf).sort();
    return years[0] === years.at(-1) ? years[0] : `${years[0]}–${years.at(-1)}`;
  };

  /** An employer's own rows of a component at a level, of people and postings: of a posting that tells none, too. */
  const ownOf = ({ employer, role, component }, level) => all().filter((row) =>
    row.employer === employer && !row.metro && !row.grade && row.component === component && row.kind !== FILED
    && row.role === role && (!level || row.level === level || row.level === UNSTATED));

  /** The day of the newest data points that are enough together; null where there are never enough. */
  const newest = (found) => {
    let together = 0;
    return latest(found).find(({ n }) => (together += n) >= payguide.edition.limits.own.least) ?? null;
  };

  /** How far an employer's own evidence reaches: "" where none is named, or "none", "ended" or "recent". */
  const reach = ({ profile, level }) => {
    if (!profile.employer || !payguide.own) {
      return { state: "", last: null };
    }
    const last = newest(ownOf(profile, level));
    return { state: !last ? "none" : recent(last) ? "recent" : "ended", last };
  };

  /** Its posted ranges of recent years: of the role at the level, else of the role, else of other roles; at most two. */
  const postedOf = ({ profile, level }) => {
    const posted = latest(all().filter((row) => row.employer === profile.employer && row.kind === POSTED && row.low !== null && row.high > row.low && !row.metro && !row.grade && row.component === "base" && recent(row)));
    const near = ({ role, level: of }) => (role === profile.role ? 2 : 0) + (of === level || of === UNSTATED ? 1 : 0);
    const best = Math.max(-1, ...posted.map(near));
    return posted.filter((row) => near(row) === best).slice(0, 2);
  };

  const range = ({ low, high }) => {
    const of = (amount) => figure(money(amount, payguide.model.currency), amount, "own.median");
    return low === high ? [of(low)] : [of(low), " to ", of(high)];
  };

  /** What a row is of, in words. */
  const whose = ({ role, level }) => {
    const { words } = payguide.edition;
    const of = payguide.desk.word(words, "roles", role);
    return level === UNSTATED || !level ? `${of}, no level stated` : `${of}, ${words.levels[level].name.toLowerCase()}`;
  };

  /** What stands above an answer for an employer whose own evidence ended years ago, or that has none. */
  const headline = (read, answer) => {
    const { state, last } = reach(read);
    if (state !== "none" && state !== "ended") {
      return null;
    }
    const name = term(read.said.employer);
    const { component } = read.profile;
    const pay = `${component} pay${read.level ? " at this level" : ""}`;
    const month = last && h("time", { datetime: last.date }, last.date.slice(0, 7));
    const posted = component === "base" ? postedOf(read) : [];
    const apart = posted.some(({ low, high }) => answer.p50 < low || answer.p50 > high);
    return h("div", { class: "ended" },
      h("p", {}, h("b", {}, name, state === "none" ? `: hardly any evidence of its own on ${pay}.` : [`: its newest own evidence of ${pay} is of `, month, "."])),
      state === "ended" ? payguide.edition.changed.filter((one) => one.employer === read.profile.employer && one.component === component && one.day > last.date)
        .map(({ day, says, reference }) => h("p", {}, "Since then: ", term(says), " (", h("time", { datetime: day }, day.slice(0, 7)), "). ", h("cite", {}, reference), ".")) : null,
      h("p", {}, state === "none" ? "The answer is borrowed: from its other roles and levels where there are any, and from employers like it."
        : "The answer carries that on as the market has moved since; what the employer itself has changed since then it cannot know.",
      posted.map((row) => [" Its own posted ranges of ", h("time", { datetime: row.date }, yearOf(row)), ` (${whose(row)}): `, range(row), "."]),
      apart ? " The answer's median lies outside: trust the posted range." : null));
  };

  const KIND = { posted_range: "posted ranges", self_report: "what people report", filing: "filings" };

  /** An employer's own evidence beside the answer: what it states, of when, and its grades. */
  const section = (read) => {
    const { profile, level } = read;
    if (!profile.employer || !payguide.own) {
      return [];
    }
    const own = latest(ownOf(profile, level));
    const others = postedOf(read).filter((row) => !own.includes(row));
    const grades = latest(all().filter((row) => row.employer === profile.employer && row.grade && row.role === profile.role && row.component === profile.component && row.low !== null)).sort((one, other) => one.low - other.low);
    const line = (row, name) => h("tr", {}, h("th", { scope: "row" }, term(name)), h("td", { class: "text" }, `${row.component}, ${KIND[row.kind]}`),
      h("td", {}, counted(row.n, "own.count")), h("td", { class: "text" }, row.low === null ? "too few to tell" : range(row)), h("td", {}, h("time", { datetime: row.date }, row.date)));
    const head = (first) => [[first, ""], ["States", "text"], ["Data points", ""], ["Median", "text"], ["Newest", ""]];
    const page = (payguide.companies?.employers ?? []).includes(profile.employer) && profile.role === payguide.edition.role;
    return [
      own.length || others.length ? table(`What ${read.said.employer} and its people state`, head("Of"), [...own.slice(0, 8), ...others].map((row) => line(row, whose(row))), "numbers stack four")
        : h("p", {}, "The public evidence holds nothing that ", term(read.said.employer), " or its people state of this role at this level."),
      grades.length ? table(`By its own grades, ${profile.component} pay`, head("Grade"), grades.map((row) => line(row, row.grade)), "numbers stack four") : null,
      h("p", { class: "note" }, "As stated, a year, not aged; of posted ranges the median floor and ceiling. This stands beside the answer.", page ? [" ", h("a", { href: `company-${profile.employer}.html` }, "Its page"), "."] : null),
    ];
  };

  /** Data points by kind and years, in words: 16 that people report (2019–2021). */
  const byKind = (found) => Object.entries(KIND).map(([kind, name]) => [found.filter((row) => row.kind === kind), name]).filter(([own]) => own.length)
    .map(([own, name], k) => [k ? ", " : "", counted(sum(own), "own.count"), ` of ${name} (`, term(span(own)), ")"]);

  /** What of the place and of the employer an answer rests on, each by itself: nothing of others is counted in. */
  const rests = ({ profile, said }) => {
    const role = payguide.desk.word(payguide.edition.words, "roles", profile.role);
    const told = all().filter((row) => row.role === profile.role && row.component === profile.component);
    const here = told.filter((row) => !row.employer && row.metro === profile.metro);
    const own = told.filter((row) => row.employer === profile.employer && !row.metro && !row.grade);
    const state = payguide.model.names.states.find(([, code]) => code === profile.region)?.[0] ?? profile.region;
    const around = state.replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase());
    return [
      profile.metro ? h("p", {}, h("b", {}, term(said.place)), ": ", here.length ? [byKind(here), ` of the role (${role}) here; the rest is from ${around} and metros like it.`] : `none of the role (${role}) here; the answer is from ${around} and metros like it.`) : null,
      profile.employer ? h("p", {}, h("b", {}, term(said.employer)), ": ", own.length ? [byKind(own), ` of its own, of the role at all levels.`] : "none of its own of the role; the answer is from its other roles, where it has any, and employers like it.") : null,
    ];
  };

  /** The same in plain words, for a note. */
  const note = (read) => rests(read).filter(Boolean).map((element) => element.textContent).join(" ");

  payguide.stated = { all, newest, ownOf, reach, headline, section, rests, note };
}
