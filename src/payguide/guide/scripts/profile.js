"use strict";
/** What a person typed, as a profile that the estimator reads, with how it was read and what could not be read. */
{
  const LADDER = ["entry", "mid", "senior", "staff"];

  /** What it takes to read profiles: the estimator, the readers of names, the words. Made once, when first asked. */
  const desk = () => {
    const { model, edition } = payguide;
    const predict = payguide.estimator(model);
    const employer = payguide.employerReader(model.names);
    const place = payguide.placeReader(model.names);
    const known = new Set(Object.values(model.components).flatMap((part) => part.vocabulary.employer));
    const read = (fields) => profileOf(fields, { employer, place, known, model, words: edition.words });
    const suggestions = () => ({
      employers: [...employer.listed()].filter(({ id }) => known.has(id)).map(({ name }) => name).sort((a, b) => a.localeCompare(b)),
      places: model.names.metros.map(([, title]) => title).sort(),
    });
    return { predict, read, suggestions, employer, place };
  };

  const word = (words, table, key) => words[table]?.[key] ?? key.replaceAll("_", " ");

  /** The level of so many years (base/codes.py). */
  const levelOf = (years) => LADDER[(years >= 3) + (years >= 6) + (years > 10)];

  const employerOf = (typed, { employer, known, words }, told, notes) => {
    if (!typed) {
      return {};
    }
    const found = employer(typed);
    if (!found.id) {
      notes.push(`“${typed}” is not read as an employer's name; the estimate is for any employer.`);
      return {};
    }
    const tier = found.tier === "unknown" ? "" : found.tier;
    const industry = found.industry === "unknown" ? "" : found.industry;
    told.push(tier ? `${found.name} (${word(words, "tier", tier).toLowerCase().replace("ai ", "AI ")})` : found.name);
    if (!known.has(found.id)) {
      notes.push(`There is no evidence of ${found.name} by itself: the estimate is for any employer${tier || industry ? " of its kind" : ""}.`);
    }
    return { employer: found.id, tier, industry };
  };

  /** A place; `refused` says why there is no answer where the text is read as none in the country of the evidence. */
  const placeOf = (typed, remote, { place, words }, told, notes) => {
    const found = typed ? place(typed) : { country: "US" };
    if (!found) {
      return { refused: `“${typed.slice(0, 60)}” is not read as a place in the United States, and of others the evidence knows no pay: write city and state, as in “Seattle, WA”, or “Remote”.` };
    }
    const arranged = remote || (found.remote ?? "");
    told.push(...[found.name, arranged && word(words, "remote", arranged)].filter(Boolean));
    if (found.region && !found.metro) {
      notes.push(`The place is read as ${found.region} outside its metropolitan areas: name a city for its own pay.`);
    }
    return { metro: found.metro ?? "", region: found.region ?? "", country: "US", remote: arranged };
  };

  const gradeOf = (typed, { model }, told, notes) => {
    if (!typed) {
      return {};
    }
    const key = payguide.inputs.gradeKey(typed, model.words);
    const known = Object.values(model.components).some((part) => key && part.vocabulary.grade.includes(key));
    if (known) {
      told.push(`grade ${typed}`);
    } else {
      notes.push(`The evidence does not know a grade “${typed}”; the estimate does without it.`);
    }
    return { grade: typed };
  };

  const counted = (years) => `${years} ${years === 1 ? "year" : "years"}`;

  /** What was said of each driver. */
  const saidOf = (fields, profile, special, { employer, place, words }) => ({
    experience: fields.years === null ? words.levels[fields.level]?.name ?? "" : `${fields.years} years`,
    grade: fields.grade, employer: fields.employer ? employer(fields.employer).name : "",
    place: (fields.place && place(fields.place)?.name) || "",
    remote: profile.remote ? word(words, "remote", profile.remote) : "",
    focus: fields.focus ? word(words, "focus", fields.focus) : "", tenure: (fields.tenure ?? null) === null ? "" : counted(fields.tenure),
    degree: fields.degree ? word(words, "own_degree", fields.degree) : "", specialisation: special.join(", "),
  });

  /**
   * @param {{role: string, component: string, years: number|null, level: string, grade: string, employer: string,
   *   place: string, tenure?: number|null, focus?: string, remote?: string, degree?: string, specialisation?: string[]}} fields
   * @param {object} context
   * @returns {{profile: import("./inputs.js").Profile, told: string[], notes: string[], said: Object<string, string>,
   *   level: string, refused: string}} `told` how it was read, `said` the same by the driver that it moves ("" where
   *   nothing was said); `refused` why its place has no answer
   */
  const profileOf = (fields, context) => {
    const { words } = context;
    const told = [word(words, "roles", fields.role)];
    const notes = [];
    const { years, tenure = null } = fields;
    const level = fields.level || (years === null ? "" : levelOf(years));
    if (years !== null) {
      told.push(`${counted(years)} of experience`);
    }
    if (tenure !== null) {
      told.push(`${counted(tenure)} with the employer`);
    }
    if (fields.level) {
      told.push(`${words.levels[fields.level].name.toLowerCase()} level`);
    }
    const where = placeOf(fields.place, fields.remote, context, told, notes);
    const { refused = "", ...placed } = where;
    const profile = {
      role: fields.role, component: fields.component, ...(years === null ? {} : { years }), ...(tenure === null ? {} : { tenure }),
      level: fields.level,
      ...gradeOf(fields.grade, context, told, notes),
      ...employerOf(fields.employer, context, told, notes),
      ...placed, focus: fields.focus, degree: fields.degree, specialisation: fields.specialisation ?? [],
    };
    if (fields.focus) {
      told.push(word(words, "focus", fields.focus));
    }
    const special = profile.specialisation.map((name) => word(words, "specialisation", name));
    told.push(...special);
    return { profile, told, notes, level, refused, said: saidOf(fields, profile, special, context) };
  };

  /** What an answer on the market's scale rests on. */
  const marketSaid = "The scale is the guide's market. What is left open is averaged over the people of that market; the answer for a named employer is the estimator's, moved so that over the employers of its kind and level, by their people, it agrees with the market.";

  payguide.desk = { open: desk, word, marketSaid };
}
