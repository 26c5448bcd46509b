"use strict";
/** Where do I stand: a place in the predicted distribution, what moves it, how far to trust it, what it rests on. */
{
  const { h, figure, typed, counted, term, table, put } = payguide.dom;
  const { money, exact, percent } = payguide.numbers;
  const { checked, complain, chosen, text, several, run } = payguide.form;
  const NAMES = ["the 10th percentile", "the 25th percentile", "the median", "the 75th percentile", "the 90th percentile"];
  const PEOPLE = 20;
  /** A source with a smaller share of the scale is not named. */
  const LEAST = 0.005;

  const form = document.getElementById("ask");
  const desk = payguide.desk.open();
  const { model, edition } = payguide;

  const fieldsOf = () => ({
    role: text(form, "role"), component: chosen(form, "component"), years: checked(form.elements.years, "years"),
    tenure: checked(form.elements.tenure, "years"), focus: text(form, "focus"),
    level: text(form, "level"), grade: payguide.grades.field(form, chosen(form, "component"), desk.employer(text(form, "employer")).id, edition.words), employer: text(form, "employer"), place: text(form, "place"),
    remote: text(form, "remote"), degree: text(form, "degree"), specialisation: several(form, "specialisation"),
  });

  /** How many of twenty people are paid more, at least and at most: the model states quantiles, nothing between. */
  const above = (band) => {
    const ends = [1, ...model.quantiles.map((level) => 1 - level), 0];
    return [Math.round(ends[band + 1] * PEOPLE), Math.round(ends[band] * PEOPLE)];
  };

  /** Where the pay lies, in words. */
  const headline = (band) => {
    const last = model.quantiles.length;
    if (band === 0) {
      return `Below ${NAMES[0]}`;
    }
    return band === last ? `Above ${NAMES[last - 1]}` : `Between ${NAMES[band - 1]} and ${NAMES[band]}`;
  };

  const peopleSentence = (band) => {
    const [least, most] = above(band);
    const of = figure(String(PEOPLE), PEOPLE, "model.quantiles");
    const number = (n) => figure(String(n), n, "model.quantiles");
    if (band === 0) {
      return ["Of ", of, " people like you, at least ", number(least), " are paid more. How far below you lie, the estimator cannot say."];
    }
    if (band === model.quantiles.length) {
      return ["Of ", of, " people like you, at most ", number(most), " are paid more. How far above the others you lie, the estimator cannot say."];
    }
    return ["Of ", of, " people like you, ", number(least), " to ", number(most), " are paid more."];
  };

  const amount = (answer, name, profile) => figure(money(answer[name], answer.currency), answer[name], `model.${profile.component}.${name}`, "#rests");

  const gap = (pay, answer) => {
    const from = pay - answer.p50;
    return from === 0 ? [" Your pay is the median."]
      : [" Your ", typed(money(pay, answer.currency), pay), " is ", typed(money(Math.abs(from), answer.currency), from), from > 0 ? " above" : " below", " the median."];
  };

  const placeDrawn = (read, answer, pay) => {
    const { profile, told, notes } = read;
    const band = answer.points.filter((point) => pay !== null && pay >= point).length;
    const width = Math.min(document.getElementById("answer").clientWidth, 760);
    const kind = profile.component === "base" ? "base pay" : "total pay";
    const half = ["Half of people like you have a ", kind, " of ", amount(answer, "p25", profile), " to ", amount(answer, "p75", profile), "; the median is ", amount(answer, "p50", profile), "."];
    const drawing = payguide.draw.dots({
      points: answer.points, levels: model.quantiles, pay, currency: answer.currency, width,
      title: `Predicted ${kind}, twenty people like you`,
      told: `The dots stand for twenty people. The amounts: ${model.quantiles.map((level, k) => `P${Math.round(level * 100)} ${money(answer.points[k], answer.currency)}`).join(", ")}.${pay === null ? "" : ` Your pay: ${money(pay, answer.currency)}.`}`,
    });
    return [
      payguide.stated.headline(read, answer), payguide.grades.asked(read, answer, desk.predict, read.said.employer),
      h("p", { class: "verdictline" }, pay === null ? `The market for ${kind}` : headline(band)),
      pay === null ? h("p", {}, half) : h("p", {}, peopleSentence(band), gap(pay, answer), " ", half),
      h("div", { class: "drawn" }, drawing),
      h("p", { class: "legend note" }, pay === null ? h("span", { class: "key full" }, "one of twenty people like you")
        : [h("span", { class: "key full" }, "paid more"), h("span", { class: "key half" }, "more or less: cannot be told"), h("span", { class: "key hollow" }, "paid less")],
      h("span", {}, "Dashed: below ", term("P10"), " or above ", term("P90"), ", how far is not stated.")),
      h("p", { class: "readas" }, "Read as: ", h("b", {}, told.map((one, k) => [k ? " · " : "", term(one)])), `. A year, before tax, in ${answer.currency}, at `, h("time", { datetime: edition.date }, edition.date), "."),
      notes.map((note) => h("p", { class: "caution" }, term(note))),
    ];
  };

  /** A step's name, and what the reader said of it. */
  const stepName = (name, level, said) => [
    payguide.bridge.stepName(name, level, edition.words),
    Object.hasOwn(said, name) ? [" ", h("span", { class: "soft" }, said[name] ? term(said[name]) : "not said")] : null,
  ];

  /** Where the bridge begins: the guide's own figure, with its evidence. */
  const start = ({ from, level }, { component, role }, answer) => {
    const own = edition.bands.find(([id, value]) => id === `band.${level}.${component}.p50` && Number(value) === from);
    const name = payguide.desk.word(edition.words, "roles", role);
    const said = level ? [`The guide's median: ${edition.words.levels[level].name.toLowerCase()}, all employers and places`]
      : [answer.onMarket ? "The guide's median of all levels" : "The typical statement", `: ${name}`];
    return [said, own ? figure(exact(from, answer.currency), from, own[0], `evidence.html#f-${own[0]}`) : figure(exact(from, answer.currency), from, `model.${component}.reference`)];
  };

  /** How well it is known what parts the reader from the guide, and the employer from any other. */
  const differencesDrawn = (read, answer, from) => {
    const { profile, level } = read;
    const { component, role, country } = profile;
    const { employer, tier, industry, ...anybody } = profile;
    const mine = { profile, level, p50: answer.p50 };
    const guide = level && answer.onMarket ? payguide.apart.difference(desk.predict, mine, { profile: { role, component, level, country }, level, p50: from }) : null;
    const others = employer && answer.onMarket ? payguide.apart.difference(desk.predict, mine, { profile: anybody, level, p50: desk.predict(anybody).p50 }) : null;
    const line = (name, found, id) => h("li", {}, name, ": ", payguide.apart.said(found, `model.${component}.${id}`));
    return guide || others ? [h("p", {}, "How well the differences are known, each with its own interval of ", figure("90%", payguide.differences.coverage, "model.differences"), ":"),
      h("ul", { class: "differences" }, guide && line("you over the guide's level", guide, "over_guide"), others && line([term(read.said.employer), " over any employer, all else as you say"], others, "over_market"))] : [];
  };

  const bridgeDrawn = (read, answer) => {
    const { component } = read.profile;
    const found = payguide.bridge.bridge(read, answer, desk.predict);
    const sorted = [...found.steps].sort((one, other) => Math.abs(other.amount) - Math.abs(one.amount));
    let running = found.from;
    const sums = [running, ...sorted.map((step) => (running += step.amount))];
    const [low, high] = [Math.min(...sums), Math.max(...sums)];
    const room = Math.max((high - low) * 0.06, 1);
    const bar = (from, to) => payguide.draw.step(from, to, low - room, high + room);
    const line = (name, value, drawn, kind = "") => h("tr", { class: kind }, h("th", { scope: "row" }, name), h("td", { class: "bar" }, drawn), h("td", {}, value));
    const signed = (amount) => (amount > 0 ? "+" : "") + exact(amount, answer.currency);
    const [name, value] = start(found, read.profile, answer);
    const rows = [
      line(name, value, null, "sum"),
      ...sorted.map((step, k) => line(stepName(step.name, found.level, read.said), figure(signed(step.amount), step.amount, `model.${component}.drivers`), bar(sums[k], sums[k + 1]))),
      line("Your median", figure(exact(answer.p50, answer.currency), answer.p50, `model.${component}.p50`), null, "sum"),
    ];
    return [
      h("p", {}, "From the guide's figure to the median of people like you, step by step. The steps add up to the last dollar, which is finer than they are known; they describe what goes together and promise nothing."),
      table("The bridge from the guide's figure to yours, a year", [["What", ""], ["Step", "bar"], ["Amount", ""]], rows),
      differencesDrawn(read, answer, found.from),
    ];
  };

  const restsDrawn = (read, answer) => {
    const { profile } = read;
    const titles = new Map(edition.sources.map(([name, title, kind]) => [name, { title, kind }]));
    const sourceName = (name) => (titles.has(name) ? h("a", { href: `methods.html#source-${name}` }, h("cite", {}, titles.get(name).title)) : h("cite", {}, name));
    const used = answer.onMarket ? [] : answer.sources.map((name, k) => ({ name, weight: answer.weights[k] })).filter(({ weight }) => weight >= LEAST).sort((a, b) => b.weight - a.weight);
    const rows = used.map(({ name, weight }) => h("tr", {},
      h("th", { scope: "row" }, sourceName(name)),
      h("td", { class: "text" }, titles.get(name)?.kind ?? ""),
      h("td", {}, figure(percent(weight), weight, `model.${profile.component}.blend`))));
    const guide = edition.bands.filter(([, , , level, component]) => level === read.level && component === profile.component);
    const { vocabulary, blend } = model.components[profile.component];
    const fitted = vocabulary.source.map((name, k) => ({ name, n: blend.n[k] })).filter(({ n }) => n).sort((one, other) => other.n - one.n);
    const every = fitted.reduce((total, { n }) => total + n, 0);
    const fittedRows = fitted.map(({ name, n }) => h("tr", {}, h("th", { scope: "row" }, sourceName(name)), h("td", { class: "text" }, titles.get(name)?.kind ?? ""), h("td", {}, counted(n, `model.${profile.component}.fitted`)), h("td", {}, figure(percent(n / every), n / every, `model.${profile.component}.fitted`))));
    return [
      payguide.stated.rests(read),
      profile.metro || profile.employer ? null : h("p", {}, "Neither a place nor an employer is named: the answer is of all of them."),
      answer.onMarket ? h("p", {}, payguide.desk.marketSaid) : table(`The scale of the estimate: each source's share of the evidence of ${payguide.desk.word(edition.words, "components", profile.component) === profile.component ? `${profile.component} pay` : profile.component}`, [["Source", ""], ["What it states", "text"], ["Share", ""]], rows),
      table(`What the estimator was fitted on: statements of ${profile.component} pay, all roles`, [["Source", ""], ["What it states", "text"], ["Statements", ""], ["Share", ""]], fittedRows),
      guide.length === 3 ? h("p", {}, "The guide's own band for this level, all employers and places: ", figure(guide[0][2], guide[0][1], guide[0][0], `evidence.html#f-${guide[0][0]}`), " to ", figure(guide[2][2], guide[2][1], guide[2][0], `evidence.html#f-${guide[2][0]}`), ", median ", figure(guide[1][2], guide[1][1], guide[1][0], `evidence.html#f-${guide[1][0]}`), ".") : null,
      h("p", { class: "note" }, "Effects of single employers are in the model only where their evidence is public; thin ones were withheld. ", h("a", { href: "methods.html#methods" }, "Methods"), ", ", h("a", { href: "evidence.html" }, "every published figure's evidence"), "."),
    ];
  };

  const asked = () => {
    const fields = fieldsOf();
    const mine = checked(form.elements.pay, "pay") ?? null;
    const read = desk.read({ ...fields, years: fields.years ?? null, tenure: fields.tenure ?? null });
    complain(form.elements.place, read.refused);
    return { read, mine };
  };

  const answer = ({ read, mine }) => {
    const found = desk.predict(read.profile);
    put("place-drawn", placeDrawn(read, found, mine));
    const stated = payguide.stated.section(read);
    document.getElementById("stated").hidden = !stated.length;
    put("stated-drawn", stated);
    put("drivers-drawn", bridgeDrawn(read, found));
    put("trust-drawn", payguide.trust.trust(read.profile, found, read.level));
    put("rests-drawn", restsDrawn(read, found));
    return document.querySelector(".verdictline").textContent + ". " + document.querySelector(".verdictline + p").textContent;
  };

  run(form, asked, answer, desk);
}
