"use strict";
/** A profile into numbers, as estimator/encode.py reads it. */
{
  const PLAIN = ["source", "kind", "role", "level", "employer", "tier", "industry", "metro", "region", "country", "remote", "focus", "degree"];
  const NOT_KNOWN = new Set(["", "unknown", "unstated"]);
  const DAYS_A_YEAR = 365.25;
  /** The ordinal of 1 January 1970. */
  const EPOCH = 719_163;
  const EXPERIENCE = ["known", "level", "none"];
  const EMPLOYER = ["known", "new", "none"];

  /**
   * What a profile may state; what is not known is left out or "".
   * @typedef {object} Profile
   * @property {string} role @property {string} [component] "base" or "total"
   * @property {number} [years] @property {string} [level] @property {string} [grade]
   * @property {string} [employer] the id @property {string} [tier] @property {string} [industry]
   * @property {string} [metro] @property {string} [region] @property {string} [country] @property {string} [date]
   * @property {string} [remote] @property {string} [focus] @property {string} [degree] @property {string} [kind] @property {string} [source]
   * @property {string|string[]} [specialisation] @property {number} [tenure] years with the employer
   */

  /** A line through (at, values) at x; beyond the ends, the end's value. */
  const line = (x, at, values) => {
    if (x <= at[0]) {
      return values[0];
    }
    const last = at.length - 1;
    if (x >= at[last]) {
      return values[last];
    }
    const right = at.findIndex((knot) => knot > x);
    const share = (x - at[right - 1]) / (at[right] - at[right - 1]);
    return values[right - 1] + share * (values[right] - values[right - 1]);
  };

  /** The level of known years: `ladder` lists [level, its end in years, whether that is still of it], the last without. */
  const ladderOf = (years, ladder) =>
    ladder.find(([, end, inclusive]) => end === null || years < end || (inclusive && years === end))[0];

  /** The grade's distinct pieces, each replaced by what `words` says it stands for, sorted (base/grades.py). */
  const gradeKey = (grade, words) => {
    const pieces = new Set();
    for (const piece of grade.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? []) {
      const stands = Object.hasOwn(words, piece) ? words[piece] : piece;
      stands.split(/\s+/).filter(Boolean).forEach((word) => pieces.add(word));
    }
    if (pieces.size > 1) {
      pieces.delete("engineer");
    }
    return [...pieces].sort().join(" ");
  };

  /** The step that a grade's key names: its numbers and words of `steps` (base/grades.py). */
  const gradeStep = (key, steps) => key.split(" ").filter((piece) => /^[0-9]+$/.test(piece) || steps.has(piece)).join(" ");

  /** The number of an ISO date, days from the first of January of year 1. */
  const ordinal = (text) => {
    const [year, month, day] = text.slice(0, 10).split("-").map(Number);
    return Date.UTC(year, month - 1, day) / 86_400_000 + EPOCH;
  };

  /** A field of years: null where it is not given. */
  const within = (years, told) => {
    const given = years === "" ? null : years ?? null;
    if (given !== null && !(given >= 0 && given <= 80)) {
      throw new RangeError(`${told} must lie in 0-80`);
    }
    return given;
  };

  const several = (names) => (typeof names === "string" ? names.split("|") : names ?? []);

  /**
   * A reader of profiles for one component of a model.
   * @param {object} model @param {object} part
   */
  const inputsReader = (model, part) => {
    const numbers = new Map(
      Object.entries(part.vocabulary).map(([name, values]) => [
        name, new Map(values.map((value, k) => [value, k]).filter(([value]) => value)),
      ]),
    );
    const number = (name, value) => numbers.get(name)?.get(value ?? "") ?? -1;
    const cut = model.years;
    const steps = new Set(model.steps);

    /** What follows from the inputs: bands of years, the level that counts, what is lacking. */
    const derive = (values, years, tenure, time, graded, named) => {
      const known = years !== null;
      const at = known ? years : 0;
      const ladder = known ? number("level", ladderOf(at, cut.ladder)) : -1;
      const experience = known ? 0 : values.level >= 0 ? 1 : 2;
      const grade = graded ? 0 : 1;
      const employer = values.employer >= 0 ? 0 : named ? 1 : 2;
      const place = values.metro < 0 && values.region < 0 ? 1 : 0;
      const state = ((experience * 2 + grade) * 3 + employer) * 2 + place;
      const step = (edges, of = years) => (of === null ? -1 : edges.filter((edge) => edge <= of).length);
      Object.assign(values, {
        level_alone: known ? -1 : values.level,
        level_beside: known && grade && values.level !== ladder ? values.level : -1,
        years_band: step(cut.band), years_step: step(cut.step), tenure_step: step(cut.tenure, tenure),
        half: Math.floor(time * 2), year: Math.floor(time + 0.5),
        pattern: state > 0 ? state : -1, state, whole: state > 0 ? 1 : 0,
        no_experience: experience || -1, no_grade: grade || -1, no_place: place || -1,
        tells_tenure: tenure === null ? -1 : 0, tells_focus: values.focus < 0 ? -1 : 0,
      });
      return [EXPERIENCE[experience], grade ? "none" : "known", EMPLOYER[employer], place ? "none" : "known"].join("-");
    };

    /** @param {Profile} profile */
    return (profile) => {
      const values = Object.fromEntries(PLAIN.map((name) => [name, number(name, profile[name])]));
      const key = gradeKey(profile.grade ?? "", model.words);
      values.grade = number("grade", key);
      values.step = number("step", gradeStep(key, steps));
      const years = within(profile.years, "years of experience");
      const tenure = within(profile.tenure, "years with the employer");
      const level = part.vocabulary.level[values.level];
      const filled = years ?? cut.of_level[level] ?? cut.centre;
      const day = profile.date ? ordinal(profile.date) : part.as_of;
      const time = (Math.min(Math.max(day, part.origin), part.last_day) - part.origin) / DAYS_A_YEAR;
      const named = !NOT_KNOWN.has(profile.employer ?? "");
      const pattern = derive(values, years, tenure, time, !NOT_KNOWN.has(key), named);
      const special = new Set(several(profile.specialisation));
      model.specialisations.forEach((name) => { values[`is_${name}`] = special.has(name) ? 0 : -1; });
      const logYears = Math.log((filled + cut.shift) / (cut.centre + cut.shift));
      return { values, filled, logYears, day, time, pattern };
    };
  };

  const nameless = (name) => NOT_KNOWN.has(name ?? "");

  payguide.inputs = { inputsReader, line, gradeKey, ladderOf, nameless, ordinal, several, within, DAYS_A_YEAR };
}
