"use strict";
/** Offers beside the market: what new hires like the reader are paid by any employer and by the one that offers. */
{
  const { h, figure, term, table } = payguide.dom;
  const { money, signed } = payguide.numbers;
  const SIDES = { a: "A", b: "B" };
  const YEARS = 4;

  const { currency, components } = payguide.model;

  /** The same profile without its employer. */
  const anybodys = ({ employer, tier, industry, ...rest }) => rest;

  /** By side and component: the answer for any employer, for the one that offers where the evidence knows it, and for people in post. */
  const market = (desk, reads, names) => Object.fromEntries(Object.keys(SIDES).map((side) => [side, Object.fromEntries(names.map((component) => {
    const { profile } = reads[side][component];
    const knows = components[component].vocabulary.employer.includes(profile.employer ?? "") && profile.employer;
    const { tenure, ...inPost } = anybodys(profile);
    return [component, {
      any: desk.predict(anybodys(profile)), own: knows ? desk.predict(profile) : null, inPost: desk.predict(inPost), profile, anybodys: anybodys(profile),
    }];
  }))]));

  /** Where an amount lies in a predicted distribution, in words. */
  const placeIn = (amount, answer) => {
    const names = ["P10", "P25", "P50", "P75", "P90"];
    const band = answer.points.filter((point) => amount >= point).length;
    if (band === 0) {
      return ["below ", term("P10")];
    }
    return band === names.length ? ["above ", term("P90")] : ["between ", term(names[band - 1]), " and ", term(names[band])];
  };

  const bandCells = (answer, component) => ["p25", "p50", "p75"].map((name) => h("td", {}, figure(money(answer[name], currency), answer[name], `model.${component}.${name}`)));

  /** What the scale of new hires is, where the model tells it from that of people in post. */
  const scaleSaid = ({ base }) => {
    const more = base.any.p50 - base.inPost.p50;
    return more === 0 ? "The model does not tell new hires from people in post here: both are on one scale. "
      : ["An offer is held against new hires, people without a year at the employer: their median is ", figure(signed(more, currency), more, "model.base.tenure"), " beside that of people in post. "];
  };

  /** Whose market pays more, and how far each offer and each company lie from the market: with intervals of their own. */
  const differencesDrawn = (desk, found, reads, offers, sums, names) => names.map((component) => {
    const [a, b] = ["a", "b"].map((side) => found[side][component]);
    const best = ({ any, own, profile, anybodys: nobodys }) => ({ p50: (own ?? any).p50, profile: own ? profile : nobodys });
    const level = (side) => reads[side][component].level;
    const of = (side, one) => ({ ...one, level: level(side) });
    const id = `model.${component}.differences`;
    const line = (name, difference) => difference && h("li", {}, name, ": ", payguide.apart.said(difference, id));
    const offer = (side) => (component === "base" ? offers[side].base : Math.round(sums[side] / YEARS));
    const lines = [
      line(`the market of offer A over that of offer B, ${component} pay`, payguide.apart.difference(desk.predict, of("a", best(a)), of("b", best(b)))),
      ...Object.entries({ a, b }).flatMap(([side, one]) => [
        line(`offer ${SIDES[side]} over its market, ${component} pay`, payguide.apart.difference(desk.predict, { p50: offer(side) }, of(side, { p50: one.any.p50, profile: one.anybodys }))),
        one.own && line([term(reads[side][component].said.employer), ` over any employer, ${component} pay`], payguide.apart.difference(desk.predict, of(side, { p50: one.own.p50, profile: one.profile }), of(side, { p50: one.any.p50, profile: one.anybodys }))),
      ]),
    ].filter(Boolean);
    return lines.length ? h("ul", { class: "differences" }, lines) : null;
  });

  const drawn = (found, reads, offers, sums, { mine, desk, components: names }) => {
    const notes = new Set();
    const rows = Object.entries(SIDES).flatMap(([side, letter]) => names.flatMap((component) => {
      const { any, own } = found[side][component];
      const amount = component === "base" ? offers[side].base : sums[side] / YEARS;
      reads[side][component].notes.forEach((note) => notes.add(note));
      const line = (who, answer) => h("tr", {}, h("th", { scope: "row" }, `${letter}: ${component}`, h("br"), h("span", { class: "soft" }, who)),
        h("td", {}, mine(amount)), bandCells(answer, component), h("td", { class: "text" }, amount ? placeIn(amount, answer) : ""));
      return [line("any employer", any), own ? line(["at ", term(reads[side][component].said.employer)], own) : null];
    }));
    return [
      h("p", {}, "Base pay, and the four years' total a year on average, beside what the estimator predicts for your role, years, level and place: by any employer, and by the one that offers where the evidence knows it. ", scaleSaid(found.a)),
      table("The offers and the market, a year", [["Pay", ""], ["Offer", ""], ["P25", "term"], ["Median", ""], ["P75", "term"], ["The offer lies", "text"]], rows, "numbers stack four"),
      payguide.differences ? h("p", {}, "Differences of medians, each with its own interval of ", figure("90%", payguide.differences.coverage, "model.differences"), "; what both sides have in common cancels:") : null,
      differencesDrawn(desk, found, reads, offers, sums, names),
      [...notes].map((note) => h("p", { class: "caution" }, term(note))),
      h("p", { class: "note" }, "The market is today's, for each of the years alike. ", h("a", { href: "stand.html" }, "What moves it and how far to trust it"), "."),
    ];
  };

  payguide.beside = { market, drawn };
}
