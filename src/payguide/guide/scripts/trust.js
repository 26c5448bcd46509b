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
   * @param {object} profile @param {import("./evaluate.js").Answer} answer
   */
  const trust = (profile, answer) => {
    const { model, edition } = payguide;
    const file = model.components[profile.component];
    const found = slicesOf(profile, answer.pattern, file, model);
    const tested = found.filter(([, one]) => isTested(one));
    const missing = found.filter(([, one]) => !isTested(one)).map(([key]) => payguide.desk.word(edition.words, "slices", key).toLowerCase());
    const low = Math.min(0.6, ...tested.map(([, one]) => wilson(one.coverage, one.n)[0] - 0.02));
    const rows = tested.map(([key, one]) => {
      const ends = wilson(one.coverage, one.n);
      return h("tr", {}, h("th", { scope: "row" }, payguide.desk.word(edition.words, "slices", key)),
        h("td", {}, counted(one.n, "model.backtest")),
        h("td", {}, figure(percent(one.coverage), one.coverage, "model.backtest"), h("br"), h("span", { class: "soft" }, h("data", { class: "interval", "data-estimate": "model.backtest", value: one.coverage }, `${percent(ends[0])} to ${percent(ends[1])}`))),
        h("td", { class: "bar" }, payguide.draw.share(one.coverage, ends, answer.coverage, low)),
        h("td", { class: "text" }, verdict(ends, answer.coverage)));
    });
    return [
      sentence(found[0], answer.coverage),
      tested.length ? table("How many held-out statements lay inside the range", [["Statements", ""], ["Held out", ""], ["Inside", ""], ["Beside what is meant", "bar"], ["The range is", "text"]], rows, "numbers shares stack three") : null,
      h("p", { class: "note" }, "The estimator was fitted without these statements and then asked for their range. In small print the interval of each share, of ",
        figure(percent(COVERAGE), COVERAGE, "model.backtest"), " coverage were the statements independent; the upright line is the share that is meant.",
        missing.length ? ` Not tested apart, for want of statements: those ${missing.join(", ")}.` : ""),
    ];
  };

  payguide.trust = { trust, slicesOf, wilson, verdict };
}
