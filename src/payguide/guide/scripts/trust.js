"use strict";
/**
 * How well the estimator is calibrated for people like the reader: its back-test, read from the model file.
 * The file is read tolerantly: a slice that is not there was not tested apart.
 */
{
  const { h, s, counted, figure, term, table } = payguide.dom;
  const { percent } = payguide.numbers;
  /** Of the intervals around measured coverages, and its normal quantile. */
  const COVERAGE = 0.9;
  const Z = 1.645;

  /** The interval of a share (Wilson 1927), as if the statements were independent. */
  const wilson = (share, n) => {
    const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
    const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
    return [middle - half, middle + half];
  };

  const isTested = (found) => Number.isFinite(found?.n) && Number.isFinite(found?.coverage) && found.n > 0;

  /** The name of the step of years that the back-test's slices use. */
  const stepOf = (years, edges) => {
    const k = edges.filter((edge) => edge <= years).length;
    return `${[0, ...edges][k]}-${[...edges, "over"][k]}`;
  };

  /** The slices that a profile lies in, the closest first: [key, detail, what the file says of it]. */
  const slicesOf = (profile, pattern, file, model) => {
    const { slices = {}, hidden = {}, rows, new_employers: fresh } = file.backtest ?? {};
    const of = (name, value) => (value ? slices[`${name}=${value}`] : undefined);
    const whole = pattern === "known-known-known-known";
    const unseen = pattern.split("-")[2] === "new";
    const years = profile.years === undefined ? "" : stepOf(profile.years, model.years.step);
    return [
      unseen && !hidden[pattern] ? ["new_employers", fresh] : ["hidden", whole ? rows : hidden[pattern]],
      ["employer", of("employer", profile.employer)],
      ["tier", of("tier", profile.tier)],
      ["role", of("role", profile.role)],
      ["metro", of("metro", profile.metro)],
      ["years_step", of("years_step", years)],
      ["level_alone", profile.years === undefined ? of("level_alone", profile.level) : undefined],
      ["rows", rows],
    ].filter(([key]) => asked(key, profile, unseen));
  };

  /** Whether a slice is about something that the reader told. */
  const asked = (key, profile, unseen) => ({
    hidden: true, new_employers: true, rows: true, role: true,
    employer: Boolean(profile.employer) && !unseen, tier: Boolean(profile.tier), metro: Boolean(profile.metro),
    years_step: profile.years !== undefined, level_alone: profile.years === undefined && Boolean(profile.level),
  })[key];

  /** How those did that were later than all that the estimator was fitted on: the slices about the reader, the closest first. */
  const laterOf = (profile, level) => {
    const { slices, n, methods } = payguide.model.backtest?.protocols?.dates?.[profile.component] ?? {};
    const of = (key, value) => value && slices?.[`${key}=${value}`] && [key === "level" ? "level_alone" : key, slices[`${key}=${value}`]];
    return [of("employer", profile.employer), of("tier", profile.tier), of("metro", profile.metro), of("level", level), of("role", profile.role), methods && ["rows", { methods, n }]]
      .filter(Boolean).map(([key, found]) => [key, { n: found.n, coverage: found.methods.estimator.coverage }]);
  };

  /** Of which source most of the later statements are: [title, share]. */
  const mostlyOf = ({ component }) => {
    const { slices = {}, n } = payguide.model.backtest?.protocols?.dates?.[component] ?? {};
    const [name, most] = Object.entries(slices).filter(([key]) => key.startsWith("source=")).map(([key, found]) => [key.slice(7), found.n]).sort((one, other) => other[1] - one[1])[0] ?? [];
    const title = payguide.edition.sources.find(([source]) => source === name)?.[1];
    return title && h("p", { class: "note" }, "Later are the last fifteen in a hundred statements of each source, judged by a fit on the others. ", figure(percent(most / n), most / n, "model.backtest"), " of them are of ", h("cite", {}, title), ": how well answers do in years after a source has ended, no statement tells.");
  };

  const laterSentence = ([key, found], meant) => h("p", {}, "Of every ", figure("100", 100, "model.backtest"), " statements later than all that the estimator was then fitted on (", payguide.desk.word(payguide.edition.words, "slices", key).toLowerCase(), "), ",
    figure(String(Math.round(found.coverage * 100)), found.coverage, "model.backtest"), " lay between ", term("P10"), " and ", term("P90"), "; ", figure(String(Math.round(meant * 100)), meant, "model.coverage"), " are meant to.");

  /** What a measured coverage says beside the one that is meant. */
  const verdict = ([low, high], meant) =>
    low <= meant && meant <= high ? "as meant" : high < meant ? "too narrow" : "too wide";

  /** The closest slice in a sentence. */
  const sentence = ([key, found], meant) => {
    if (!isTested(found)) {
      return h("p", {}, "Too few held-out statements tell as much as this to test them apart; the rows below are the nearest there are.");
    }
    const inside = Math.round(found.coverage * 100);
    const told = { "as meant": "That is as it should be.", "too narrow": "The range drawn is somewhat too narrow.", "too wide": "The range drawn is somewhat too wide." };
    return h("p", {}, "Of every ", figure("100", 100, "model.backtest"), key === "hidden" ? " held-out statements that tell as much as this, " : " statements of held-out employers, ",
      figure(String(inside), found.coverage, "model.backtest"), " lay between ", term("P10"), " and ", term("P90"), "; ",
      figure(String(Math.round(meant * 100)), meant, "model.coverage"), " are meant to. ", told[verdict(wilson(found.coverage, found.n), meant)]);
  };

  /**
   * The section: a sentence and a table of the slices.
   * @param {object} profile @param {import("./evaluate.js").Answer} answer @param {string} level
   */
  const trust = (profile, answer, level) => {
    const later = laterOf(profile, level).filter(([, one]) => isTested(one));
    const { model, edition } = payguide;
    const file = model.components[profile.component];
    const found = slicesOf(profile, answer.pattern, file, model);
    const tested = found.filter(([, one]) => isTested(one));
    const missing = found.filter(([, one]) => !isTested(one)).map(([key]) => payguide.desk.word(edition.words, "slices", key).toLowerCase());
    const shown = [...later.map(([key, one]) => [key, one, "Later: "]), ...tested.map(([key, one]) => [key, one, ""])];
    const low = Math.min(0.6, ...shown.map(([, one]) => wilson(one.coverage, one.n)[0] - 0.02));
    const rows = shown.map(([key, one, when]) => {
      const ends = wilson(one.coverage, one.n);
      return h("tr", {}, h("th", { scope: "row" }, when, payguide.desk.word(edition.words, "slices", key)),
        h("td", {}, counted(one.n, "model.backtest")),
        h("td", {}, figure(percent(one.coverage), one.coverage, "model.backtest"), h("br"), h("span", { class: "soft" }, h("data", { class: "interval", "data-estimate": "model.backtest", value: one.coverage }, `${percent(ends[0])} to ${percent(ends[1])}`))),
        h("td", { class: "bar" }, payguide.draw.share(one.coverage, ends, answer.coverage, low)),
        h("td", { class: "text" }, verdict(ends, answer.coverage)));
    });
    return [
      later.length ? laterSentence(later[0], answer.coverage) : null,
      sentence(found[0], answer.coverage), mostlyOf(profile),
      shown.length ? table("How many held-out statements lay inside the range", [["Statements", ""], ["Held out", ""], ["Inside", ""], ["Beside what is meant", "bar"], ["The range is", "text"]], rows, "numbers shares stack three") : null,
      h("p", { class: "note" }, "The estimator was fitted without these statements and then asked for their range. In small print the interval of each share, of ",
        figure(percent(COVERAGE), COVERAGE, "model.backtest"), " coverage were the statements independent; the upright line is the share that is meant.",
        missing.length ? ` Not tested apart, for want of statements: those ${missing.join(", ")}.` : ""),
    ];
  };

  payguide.trust = { trust, slicesOf, wilson, verdict };
}
