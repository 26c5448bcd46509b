"use strict";
/** Plan a posting: a range by a stated rule, its measures, the wording that the places' laws ask for, a note for the files. */
{
  const { h, figure, typed, counted, term, put } = payguide.dom;
  const { money, exact, percent } = payguide.numbers;
  const { checked, complain, chosen, text, several, run } = payguide.form;

  const form = document.getElementById("ask");
  const desk = payguide.desk.open();
  const { model, edition } = payguide;
  const { currency } = model;
  const laws = [...document.querySelectorAll(".laws li")].map((element) => ({
    element, code: element.dataset.code, must: element.dataset.must.split(" "), place: element.querySelector("h4").firstChild.textContent.replace(/: $/, ""),
  }));
  const parts = [...document.querySelectorAll("#parts dt")].map((dt) => [dt.dataset.part, dt.textContent, dt.nextElementSibling.textContent]);
  const ABROAD = "EU";
  let placeBefore = null;

  /** The laws' boxes follow the place and the arrangement whenever those change; between, they are the reader's. */
  const tickLaws = (region, anywhere) => {
    const now = `${region}|${anywhere}`;
    if (now !== placeBefore) {
      form.querySelectorAll('[name="law"]').forEach((box) => { box.checked = box.value === region || (anywhere && box.value !== ABROAD); });
      placeBefore = now;
    }
    return laws.filter(({ code }) => several(form, "law").includes(code));
  };

  const rounded = (amount, to) => Math.round(amount / to) * to;

  /** The range by the chosen rule: [low, high], and the rule's name. */
  const rangeOf = (answer) => {
    const [low, high] = chosen(form, "rule").split(" ").map(Number);
    const to = Number(text(form, "round"));
    const at = (level) => rounded(payguide.draw.between(answer.points, model.quantiles, level / 100), to);
    return { ends: [at(low), at(high)], rule: `P${low} to P${high}`, asked: [low, high] };
  };

  const measures = (ends, pay) => {
    const [low, high] = ends;
    const middle = (low + high) / 2;
    const told = [
      ["Midpoint", figure(money(middle, currency), middle, "model.base.range")],
      ["Range spread", figure(percent((high - low) / low), (high - low) / low, "model.base.range")],
    ];
    if (pay) {
      told.push(["Compa-ratio of this pay", typed((pay / middle).toFixed(2), pay / middle)]);
      told.push(["Range penetration", typed(percent((pay - low) / (high - low)), (pay - low) / (high - low))]);
    }
    return h("dl", { class: "measures" }, told.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  };

  const paySentence = (ends, pay) => {
    if (!pay) {
      return null;
    }
    const where = pay < ends[0] ? "below the range" : pay > ends[1] ? "above the range" : "within the range";
    return h("p", {}, "The pay of ", typed(money(pay, currency), pay), ` lies ${where}. Compa-ratio is pay divided by the midpoint; range penetration is how far up the range it lies, from nothing at its foot to all at its head.`);
  };

  const rangeDrawn = (read, answer, range, pay) => {
    const [low, high] = range.ends;
    const between = range.asked.some((level) => !model.quantiles.includes(level / 100));
    const width = Math.min(document.getElementById("answer").clientWidth, 760);
    return [
      h("p", { class: "verdictline" }, figure(exact(low, currency), low, "model.base.range", "#rests"), " to ", figure(exact(high, currency), high, "model.base.range", "#rests")),
      h("p", {}, "The rule: ", term(range.rule), " of the base pay predicted for this role, level and place, a year and before tax.", between ? " Between the quantiles that the model states, the range runs straight on the log scale." : "",
        " Post what you really expect to pay: if nobody would be hired at an end of it, choose the narrower rule."),
      h("div", { class: "drawn" }, payguide.draw.range({
        points: answer.points, range: range.ends, pay, currency, width, title: "The range within the predicted distribution",
        told: `The range runs from ${exact(low, currency)} to ${exact(high, currency)}; the median is ${money(answer.p50, currency)}.`,
      })),
      measures(range.ends, pay), paySentence(range.ends, pay),
      h("p", { class: "readas" }, "Read as: ", h("b", {}, read.told.map((one, k) => [k ? " · " : "", term(one)])), ", at ", h("time", { datetime: edition.date }, edition.date), "."),
      read.notes.map((note) => h("p", { class: "caution" }, term(note))),
    ];
  };

  /** The parts that the laws ask for together, in the order of the list. */
  const partsOf = (applying) => {
    const must = new Set(["range", ...applying.flatMap((law) => law.must)]);
    if (must.has("benefits")) {
      must.delete("health"); // a description of benefits says it
    }
    return parts.filter(([part]) => must.has(part));
  };

  const wordingText = (range, needed) => [
    `Base pay: ${exact(range.ends[0], currency)} to ${exact(range.ends[1], currency)} a year. This is what we in good faith expect to pay on hire; where an offer lies depends on experience and skills.`,
    ...needed.map(([, , said]) => said).filter(Boolean),
  ].join("\n\n");

  /** Items in a sentence: a, b and c. */
  const listed = (items) => items.flatMap((item, k) => (k ? [k === items.length - 1 ? " and " : ", ", item] : [item]));

  const wordingDrawn = (applying, needed) => {
    const names = applying.map(({ code, place }) => h("a", { href: `#law-${code}` }, place));
    return [
      applying.length
        ? h("p", {}, "For ", listed(names), ", a posting must state ", listed(needed.map(([, name]) => name)), ". Where several laws count, the text below answers all of them. Fill in what stands in brackets.")
        : h("p", {}, "No law in the list below is set for this place. A posting may state its range all the same. Fill in what stands in brackets, if anything does."),
    ];
  };

  const sortLaws = (applying) => {
    const codes = new Set(applying.map((law) => law.code));
    for (const { element, code } of laws) {
      element.classList.toggle("applies", codes.has(code));
      document.getElementById(codes.has(code) ? "applying" : "other").append(element);
    }
    document.getElementById("applying-h").hidden = !applying.length;
    document.getElementById("other-h").hidden = !applying.length || applying.length === laws.length;
  };

  const sourcesTold = (answer) => {
    const titles = new Map(edition.sources.map(([name, title]) => [name, title]));
    return answer.sources.map((name, k) => [titles.get(name) ?? name, answer.weights[k]]).filter(([, weight]) => weight >= 0.005)
      .sort((one, other) => other[1] - one[1]).map(([title, weight]) => `${title} ${percent(weight)}`);
  };

  const basisText = (read, answer, range, applying) => [
    `Base pay range ${exact(range.ends[0], currency)} to ${exact(range.ends[1], currency)} a year: ${range.rule} of the pay predicted for ${read.told.join(", ")}.`,
    `Predicted P10 ${money(answer.p10, currency)}, P25 ${money(answer.p25, currency)}, median ${money(answer.p50, currency)}, P75 ${money(answer.p75, currency)}, P90 ${money(answer.p90, currency)}; P10 to P90 is meant to hold ${percent(answer.coverage)} of people.`,
    `Source: ${edition.title}, edition of ${edition.date}${edition.evidence ? `, evidence ${edition.evidence}` : ""}. Closest evidence: ${answer.n} pieces. ${answer.onMarket ? payguide.desk.marketSaid : `Sources: ${sourcesTold(answer).join("; ")}.`}`,
    applying.length ? `Laws looked at: ${applying.map(({ element }) => element.querySelector("p cite").textContent).join("; ")}.` : "",
  ].filter(Boolean).join("\n\n");

  const restsDrawn = (answer) => [
    h("p", {}, answer.n ? [counted(answer.n, "model.base.counts"), " data points stand closest to this posting."] : "The evidence holds nothing on this role by itself."),
    h("p", {}, answer.onMarket ? payguide.desk.marketSaid : ["Each source's share of the scale: ", sourcesTold(answer).map((told, k) => [k ? ", " : "", h("cite", {}, told)]), "."], " ", h("a", { href: "methods.html#sources" }, "The sources and their biases"), "."),
  ];

  const asked = () => {
    const anywhere = chosen(form, "anywhere") === "yes";
    const read = desk.read({ role: text(form, "role"), component: "base", years: null, level: text(form, "level"), grade: "", employer: "", place: text(form, "place"), remote: anywhere ? "remote" : "" });
    complain(form.elements.place, read.refused);
    return { anywhere, read, pay: checked(form.elements.pay, "pay") ?? null };
  };

  const answer = ({ anywhere, read, pay }) => {
    const found = desk.predict(read.profile);
    const range = rangeOf(found);
    const applying = tickLaws(read.profile.region ?? "", anywhere);
    const needed = partsOf(applying);
    put("range-drawn", rangeDrawn(read, found, range, pay));
    put("wording-drawn", wordingDrawn(applying, needed));
    document.getElementById("wording-text").value = wordingText(range, needed);
    put("trust-drawn", payguide.trust.trust(read.profile, found));
    put("rests-drawn", restsDrawn(found));
    document.getElementById("basis-text").value = basisText(read, found, range, applying);
    sortLaws(applying);
    return `The range: ${exact(range.ends[0], currency)} to ${exact(range.ends[1], currency)}.`;
  };

  run(form, asked, answer, desk);
}
