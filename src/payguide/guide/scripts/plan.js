"use strict";
/** Plan a posting: a range by a stated rule, its measures, the wording that the places' laws ask for, a note for the files. */
{
  const { h, figure, typed, term, put } = payguide.dom;
  const { money, exact, percent } = payguide.numbers;
  const { checked, complain, chosen, text, several, run } = payguide.form;

  const form = document.getElementById("ask");
  const desk = payguide.desk.open();
  const { model, edition } = payguide;
  const { currency } = model;
  const laws = [...document.querySelectorAll("#other li")].map((element) => ({
    element, ...element.dataset, must: element.dataset.must.split(" ").filter(Boolean), place: element.querySelector("h4").firstChild.textContent.replace(/: $/, ""),
  }));
  const parts = [...document.querySelectorAll("#parts dt")].map((dt) => [dt.dataset.part, dt.textContent, dt.nextElementSibling.textContent]);
  const ABROAD = "EU";
  let placeBefore = null;

  /** The laws' boxes follow the place and the arrangement whenever those change; between, they are the reader's. */
  const tickLaws = ({ region, metro }, anywhere) => {
    const now = [region, metro, anywhere].join("|");
    if (now !== placeBefore) {
      const count = new Set(laws.filter((law) => (anywhere ? law.code !== ABROAD : law.region === region && (!law.metro || law.metro === metro))).map(({ code }) => code));
      form.querySelectorAll('[name="law"]').forEach((box) => { box.checked = count.has(box.value); });
      placeBefore = now;
    }
    return laws.filter(({ code }) => several(form, "law").includes(code));
  };

  const rounded = (amount, to) => Math.round(amount / to) * to;

  /** The range by the chosen rule: [low, high], and the rule's name. */
  const rangeOf = (answer, scale) => {
    const [low, high] = chosen(form, "rule").split(" ").map(Number);
    const to = Number(text(form, "round"));
    const at = (level) => rounded(payguide.draw.between(answer.points, model.quantiles, level / 100) * Math.exp(scale?.value ?? 0), to);
    return { scale, ends: [at(low), at(high)], rule: `P${low} to P${high}`, asked: [low, high] };
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

  /** On whose scale the range is: that of postings where the market's model tells it from people in post. */
  const scaleSaid = ({ scale }) => (scale ? h("p", { class: "scale" }, "The range is on the scale of posted ranges: at this level they lie ", figure(percent(Math.abs(Math.expm1(scale.value))), scale.value, "model.base.posted"), scale.value > 0 ? " above" : " below", " what people in post report, other things equal (",
    h("data", { class: "interval", "data-estimate": "model.base.posted", value: scale.value }, `${percent(Math.expm1(scale.low))} to ${percent(Math.expm1(scale.high))}`), "). The drawing shows people in post.")
    : h("p", { class: "scale" }, "At this level the evidence does not tell posted ranges from what people in post report: both are on one scale."));

  const rangeDrawn = (read, answer, range, pay) => {
    const [low, high] = range.ends;
    const between = range.asked.some((level) => !model.quantiles.includes(level / 100));
    const width = Math.min(document.getElementById("answer").clientWidth, 760);
    return [
      h("p", { class: "verdictline" }, figure(exact(low, currency), low, "model.base.range", "#rests"), " to ", figure(exact(high, currency), high, "model.base.range", "#rests")),
      h("p", {}, "The rule: ", term(range.rule), " of the base pay predicted for this role, level and place, a year and before tax.", between ? " Between the quantiles that the model states, the range runs straight on the log scale." : "",
        " Post what you really expect to pay: if nobody would be hired at an end of it, choose the narrower rule."),
      scaleSaid(range),
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
    const posted = applying.filter(({ must }) => must.length);
    const names = posted.map(({ code, place }) => h("a", { href: `#law-${code}` }, place));
    const asked = applying.filter(({ must }) => !must.length).map(({ code, place }) => h("a", { href: `#law-${code}` }, place));
    return [
      asked.length ? h("p", {}, "In ", listed(asked), " the range is owed to applicants, not to the posting.") : null,
      applying.some(({ metro }) => metro) ? h("p", { class: "note" }, "Cities' laws count where the work is in the city: where it is elsewhere in the metro, take them out under “Laws that count”.") : null,
      posted.length
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
    `Base pay range ${exact(range.ends[0], currency)} to ${exact(range.ends[1], currency)} a year: ${range.rule} of the pay predicted for ${read.told.join(", ")}${range.scale ? `, on the scale of posted ranges (${percent(Math.expm1(range.scale.value))} from people in post)` : ""}.`,
    `Predicted P10 ${money(answer.p10, currency)}, P25 ${money(answer.p25, currency)}, median ${money(answer.p50, currency)}, P75 ${money(answer.p75, currency)}, P90 ${money(answer.p90, currency)}; P10 to P90 is meant to hold ${percent(answer.coverage)} of people.`,
    `Source: ${edition.title}, edition of ${edition.date}${edition.evidence ? `, evidence ${edition.evidence}` : ""}. ${payguide.stated.note(read)} ${read.profile.metro ? "" : "No place is named: the range is of all of them. "}${answer.onMarket ? payguide.desk.marketSaid : `Sources: ${sourcesTold(answer).join("; ")}.`}`,
    applying.length ? `Laws looked at: ${applying.map(({ element }) => element.querySelector("p cite").textContent).join("; ")}.` : "",
  ].filter(Boolean).join("\n\n");

  const restsDrawn = (read, answer) => [
    payguide.stated.rests(read),
    h("p", {}, answer.onMarket ? payguide.desk.marketSaid : ["Each source's share of the scale: ", sourcesTold(answer).map((told, k) => [k ? ", " : "", h("cite", {}, told)]), "."], " ", h("a", { href: "methods.html#sources" }, "The sources and their biases"), "."),
  ];

  /** Of one range for every place: the costliest metro whose law binds it, and what a median person is paid there. */
  const costliest = (read, applying) => {
    const { metro, region, remote, ...person } = read.profile;
    const states = new Set(applying.map((law) => law.region));
    const here = model.names.metros.map(([code, title]) => ({ code, title, region: /, ([A-Z]{2})/.exec(title)?.[1] ?? "" }))
      .filter((one) => states.has(one.region) && model.market?.values.metro.includes(one.code));
    return here.map((one) => ({ ...one, answer: desk.predict({ ...person, metro: one.code, region: one.region }) }))
      .reduce((most, one) => (one.answer.p50 > (most?.answer.p50 ?? 0) ? one : most), null);
  };

  const warning = (read, range, applying) => {
    const found = costliest(read, applying);
    if (!found) {
      return null;
    }
    const { answer, title } = found;
    const short = answer.p50 > range.ends[1];
    return h("p", { class: "caution costliest" }, "Remote from anywhere: one range binds in every place that is named below. The costliest of them is ", term(title), ", where the median, however the work is done, is ",
      figure(money(answer.p50, currency), answer.p50, "model.base.p50"), short ? ", above the whole range: nobody there would be hired within it. State a range by place, or raise it." : "; a range that is not paid there is not set in good faith there.");
  };

  document.querySelectorAll(".copy").forEach((button) => button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.of);
    const done = () => { document.getElementById("said").textContent = "Copied."; button.textContent = "Copied"; };
    const byHand = () => {
      field.select();
      document.execCommand("copy");
      done();
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(field.value).then(done, byHand);
    } else {
      byHand();
    }
  }));

  const asked = () => {
    const anywhere = chosen(form, "anywhere") === "yes";
    const read = desk.read({ role: text(form, "role"), component: "base", years: null, level: text(form, "level"), grade: "", employer: "", place: text(form, "place"), remote: anywhere ? "remote" : "" });
    complain(form.elements.place, read.refused);
    const everywhere = read.profile.remote === "remote" && !read.profile.region;
    return { anywhere: anywhere || everywhere, read, pay: checked(form.elements.pay, "pay") ?? null };
  };

  const answer = ({ anywhere, read, pay }) => {
    const found = desk.predict(read.profile);
    const range = rangeOf(found, payguide.apart.posted(read.profile, read.level));
    const applying = tickLaws(read.profile, anywhere);
    const needed = partsOf(applying);
    put("range-drawn", rangeDrawn(read, found, range, pay), anywhere ? warning(read, range, applying) : null);
    put("wording-drawn", wordingDrawn(applying, needed));
    document.getElementById("wording-text").value = wordingText(range, needed);
    put("trust-drawn", payguide.trust.trust(read.profile, found, read.level));
    put("rests-drawn", restsDrawn(read, found));
    document.getElementById("basis-text").value = basisText(read, found, range, applying);
    sortLaws(applying);
    return `The range: ${exact(range.ends[0], currency)} to ${exact(range.ends[1], currency)}.`;
  };

  run(form, asked, answer, desk);
}
