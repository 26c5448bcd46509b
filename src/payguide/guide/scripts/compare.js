"use strict";
/** Compare two offers: four years of each, drawn and tabled. */
{
  const { h, s, typed, term, table, put } = payguide.dom;
  const { money, amountIn, numberIn, percent } = payguide.numbers;
  const { checked, chosen, complain, text, run } = payguide.form;
  const { years: yearsOf, total, vested, equalGrowth, YEARS } = payguide.offers;
  const SIDES = ["a", "b"];
  const LETTER = { a: "A", b: "B" };
  const PARTS = [["base", "Base"], ["bonus", "Bonus"], ["signOn", "Sign-on"], ["equity", "First grant"], ["refreshers", "Refreshers"]];
  const MONTHS = [6, 12, 18, 24, 36, 48];
  const REFRESHER_YEARS = 4;

  const form = document.getElementById("ask");
  const desk = payguide.desk.open();
  const { currency, components } = payguide.model;
  const COMPONENTS = ["base", "total"].filter((name) => Object.hasOwn(components, name));
  const hasTotal = COMPONENTS.includes("total");
  const field = (side, name) => form.elements.namedItem(`${side}-${name}`);
  const amountOf = (side, name) => checked(field(side, name), "amount") ?? 0;

  /** A bonus as an amount, or as a percentage of the base. */
  const bonusOf = (side, base) => {
    const input = field(side, "bonus");
    const share = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(input.value);
    const amount = share ? (base * Number(share[1])) / 100 : amountIn(input.value);
    complain(input, amount === undefined ? "Write an amount, or a percentage as in 15%." : "");
    return amount ?? 0;
  };

  /** The vesting schedule: the chosen one, or the reader's own shares of each year. */
  const scheduleOf = (side) => {
    const chosen = text(form, `${side}-schedule`);
    const own = field(side, "own");
    own.closest(".field").hidden = chosen !== "own";
    const shares = (chosen === "own" ? own.value : chosen).split(/[\s,/;%]+/).filter(Boolean).map((share) => numberIn(share, 0, 100) ?? NaN);
    const together = shares.reduce((sum, share) => sum + share, 0);
    const right = shares.length > 0 && shares.length <= 6 && shares.every((share) => share >= 0) && Math.abs(together - 100) < 0.5;
    complain(own, right || chosen !== "own" ? "" : "Write up to six percentages that make 100 together.");
    return right ? shares.map((share) => share / together) : [0.25, 0.25, 0.25, 0.25];
  };

  /** Shares that cannot be sold are worth what their reader assumes, and nothing is assumed for them. */
  const unsoldOf = (side) => {
    const kept = chosen(form, `${side}-private`) === "yes";
    const share = (name) => {
      const input = field(side, name);
      input.closest(".field").hidden = !kept;
      if (!kept) {
        complain(input, "");
        return null;
      }
      const value = checked(input, "share");
      if (value === null) {
        complain(input, "Write a percentage of your own: none is assumed for you.");
      }
      return value ?? 0;
    };
    const [chance, discount] = [share("chance"), share("discount")];
    return kept ? { chance: chance / 100, discount: discount / 100 } : {};
  };

  const offerOf = (side) => {
    const base = checked(field(side, "base"), "pay") ?? 0;
    return {
      base, bonus: bonusOf(side, base), signOn: [amountOf(side, "sign"), amountOf(side, "sign2")],
      grant: amountOf(side, "grant"), schedule: scheduleOf(side),
      cliff: Math.round(checked(field(side, "cliff"), "cliff") ?? 12), every: Number(text(form, `${side}-every`)),
      refresher: amountOf(side, "refresher"), refresherYears: REFRESHER_YEARS,
      growth: (checked(field(side, "growth"), "growth") ?? 0) / 100, ...unsoldOf(side),
    };
  };

  const nameOf = (side) => {
    const name = text(form, `${side}-employer`);
    return name ? [`${LETTER[side]} (`, term(name), ")"] : [LETTER[side]];
  };

  const mine = (value) => typed(money(value, currency), Math.round(value));

  const sumDrawn = (offers, sums) => {
    const gap = sums.a - sums.b;
    const more = gap > 0 ? "a" : "b";
    const same = Math.abs(gap) < 500;
    const growth = equalGrowth(offers.a, offers.b);
    const assumed = offers.a.growth || offers.b.growth;
    return [
      h("p", { class: "verdictline" }, same ? "The two pay the same" : [`${LETTER[more]} pays `, mine(Math.abs(gap)), " more"]),
      h("p", {}, "Over four years ", nameOf("a"), " pays ", mine(sums.a), " and ", nameOf("b"), " pays ", mine(sums.b),
        assumed ? ", with the share prices as you assume them." : ", if no share price moves.",
        SIDES.filter((side) => offers[side].chance !== undefined).map((side) => [` The shares of ${LETTER[side]} cannot be sold yet; they count by your own assumptions, a chance of `,
          typed(percent(offers[side].chance), offers[side].chance), " that they ever can be, less ", typed(percent(offers[side].discount), offers[side].discount), " for the wait."]),
        growth === null ? " No movement of the share prices makes them equal."
          : [` Were both share prices to ${growth < 0 ? "fall" : "rise"} by `, typed(percent(Math.abs(growth)), growth), " a year, the two would pay the same."]),
    ];
  };

  const colours = ["var(--base)", "color-mix(in srgb, var(--base) 62%, var(--paper))", "var(--muted)", "var(--total)", "color-mix(in srgb, var(--total) 58%, var(--paper))"];

  /** One offer's bar in one year, and beside it the market's middle half with its median. */
  const bar = (year, left, wide, y, market, label, narrow) => {
    let below = 0;
    const parts = PARTS.map(([key], k) => {
      const from = below;
      below += year[key];
      return year[key] > 0 ? s("rect", { x: left, y: y(below), width: wide, height: Math.max(y(from) - y(below), 0.5), fill: colours[k], stroke: "var(--paper)", "stroke-width": 1 }) : null;
    });
    const beside = left - (narrow ? 4.5 : 8);
    const amount = narrow ? money(below, currency).replace(/^[^\d−]+/, "") : money(below, currency);
    return s("g", {}, parts, market && [
      s("line", { x1: beside, x2: beside, y1: y(market.p25), y2: y(market.p75), stroke: "var(--ink)", "stroke-width": narrow ? 2.5 : 4 }),
      s("circle", { cx: beside, cy: y(market.p50), r: narrow ? 3 : 4.5, fill: "var(--paper)", stroke: "var(--ink)", "stroke-width": 2 })],
      s("text", { x: left + wide / 2, y: y(below) - 6, "text-anchor": "middle", "font-size": narrow ? 11 : 12, "font-weight": 700, fill: "var(--ink)" }, amount),
      s("text", { x: left + wide / 2, y: y(0) + 17, "text-anchor": "middle", "font-size": 12.5, "font-weight": 700, fill: "var(--muted)" }, label));
  };

  const yearsChart = (years, markets, width) => {
    const most = Math.max(...SIDES.flatMap((side) => [...years[side].map((year) => year.total), markets[side]?.p75 ?? 0]), 1);
    const narrow = width < 480;
    const left = narrow ? 0 : 52;
    const [top, tall] = [24, narrow ? 240 : 300];
    const y = (value) => top + tall - (value / most) * tall;
    const group = (width - left) / YEARS;
    const wide = Math.min(group * 0.36, 64);
    const lines = narrow ? [] : payguide.draw.ticks(0, most, 5).map((tick) => [
      s("line", { x1: left, x2: width, y1: y(tick), y2: y(tick), stroke: "var(--grid)" }),
      s("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end", "font-size": 12, fill: "var(--muted)" }, money(tick, currency)),
    ]);
    const bars = SIDES.flatMap((side, k) => years[side].map((year, n) =>
      bar(year, left + group * (n + 0.5) + (k ? group * 0.04 : -wide - group * 0.04), wide, y, markets[side], LETTER[side], narrow)));
    const names = years.a.map((_, n) => s("text", { x: left + group * (n + 0.5), y: y(0) + 36, "text-anchor": "middle", "font-size": 12.5, fill: "var(--ink)" }, `Year ${n + 1}`));
    return s("svg", { viewBox: `0 0 ${width} ${top + tall + 44}`, width, height: top + tall + 44, role: "img", "aria-labelledby": "years-t years-d" },
      s("title", { id: "years-t" }, "Both offers year by year"), s("desc", { id: "years-d" }, "The table below gives every number of this chart."), lines, bars, names);
  };

  const yearsDrawn = (years, markets) => {
    const width = Math.min(document.getElementById("yearly").clientWidth, 900);
    const legend = PARTS.map(([, name], k) => h("span", { class: `key part${k}` }, name));
    const used = PARTS.filter(([key]) => SIDES.some((side) => years[side].some((year) => year[key] > 0)));
    const rows = years.a.flatMap((_, n) => SIDES.map((side, k) => h("tr", {},
      k ? null : h("th", { class: "year", scope: "rowgroup", rowspan: 2 }, term(`Year ${n + 1}`)), h("th", { scope: "row" }, LETTER[side]),
      used.map(([key]) => h("td", {}, years[side][n][key] ? mine(years[side][n][key]) : "–")), h("td", {}, h("b", {}, mine(years[side][n].total))))));
    return [
      h("div", { class: "drawn" }, yearsChart(years, markets, width)),
      h("p", { class: "legend note" }, legend, hasTotal && h("span", { class: "key market" }, "the market's middle half of total pay, and its median")),
      table("Pay in each year, in whole thousands", [["Year", ""], ["Offer", "text"], ...used.map(([, name]) => [name, ""]), ["Together", ""]], rows, "numbers stack three"),
    ];
  };

  const leaveDrawn = (offers) => {
    const rows = SIDES.map((side) => h("tr", {}, h("th", { scope: "row" }, nameOf(side)), MONTHS.map((month) => {
      const share = vested(offers[side].schedule, offers[side].cliff, offers[side].every, month);
      return h("td", {}, typed(percent(share), share));
    })));
    return [
      h("p", {}, "How much of the first grant is yours after so many months. A sign-on bonus is often owed back to those who leave within a year or two: read that clause."),
      table("Share of the first grant that has vested", [["Offer", ""], ...MONTHS.map((month) => [`${month} months`, "term"])], rows, "numbers stack three"),
      h("p", { class: "note" }, "Nothing here is taxed or discounted. Refreshers are counted from the end of the first year and vest evenly over four years. Shares of a private company may never be sold: say so above, with what you assume of them."),
    ];
  };

  /** What is asked: both offers, and for each component how each offer's person is read. */
  const asked = () => {
    const years = checked(form.elements.years, "years") ?? null;
    const offers = Object.fromEntries(SIDES.map((side) => [side, offerOf(side)]));
    const reads = Object.fromEntries(SIDES.map((side) => {
      const fields = {
        role: text(form, "role"), years, tenure: 0, level: text(form, `${side}-level`), grade: "", employer: text(form, `${side}-employer`),
        place: text(form, `${side}-place`),
      };
      const of = Object.fromEntries(COMPONENTS.map((component) => [component, desk.read({ ...fields, component })]));
      complain(field(side, "place"), of.base.refused);
      return [side, of];
    }));
    return { offers, reads };
  };

  const answer = ({ offers, reads }) => {
    const sums = { a: total(offers.a), b: total(offers.b) };
    const years = { a: yearsOf(offers.a), b: yearsOf(offers.b) };
    if (!sums.a || !sums.b) {
      put("sum-drawn", h("p", { class: "verdictline" }, "Write what each of the two pays"));
      ["years-drawn", "leave-drawn", "market-drawn"].forEach((id) => put(id));
      document.querySelectorAll(".answers > section:not(#answer)").forEach((section) => { section.hidden = true; });
      return "Write what each of the two pays.";
    }
    const market = payguide.beside.market(desk, reads, COMPONENTS);
    put("sum-drawn", sumDrawn(offers, sums));
    put("years-drawn", yearsDrawn(years, hasTotal ? { a: market.a.total.any, b: market.b.total.any } : {}));
    put("market-drawn", payguide.beside.drawn(market, reads, offers, sums, { desk, mine, components: COMPONENTS }));
    put("leave-drawn", leaveDrawn(offers));
    return `${document.querySelector(".verdictline").textContent}. ${document.querySelector(".verdictline + p").textContent}`;
  };

  run(form, asked, answer, desk);
}
