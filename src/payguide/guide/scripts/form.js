"use strict";
/** A form that answers while it is filled in: its fields read, its mistakes named beside them. */
{
  const { amountIn, numberIn } = payguide.numbers;
  const { h, put } = payguide.dom;
  const { limits } = payguide.edition;
  const percent = (text) => text.replace(/\s*%\s*$/, "");

  /** Years that hardly anybody has, and what they may stand for (base/reference/plausible.py). */
  const unusualYears = (years) => (years > limits.years.unusual ? years / 10 : null);

  /** A year's pay that is hardly anybody's, and what it may stand for: it may lack its thousands, or have them twice. */
  const unusualPay = (pay) => {
    const { unusual_below: least, unusual_above: most, currency } = limits.pay;
    const within = (amount) => amount >= least && amount <= most;
    if (within(pay) || currency !== payguide.model.currency) {
      return null;
    }
    return [pay * 1000, pay / 1000].find(within) ?? pay;
  };

  /**
   * Fields that hold numbers: how each is read, what is said where it cannot be, and which values are asked about before
   * they are answered: what each may stand for, and how many are answered.
   */
  const READ = {
    years: {
      read: (text) => numberIn(text, 0, limits.years.most), wrong: `Write a number of years from 0 to ${limits.years.most}.`,
      unusual: unusualYears, written: String, until: ` We answer up to ${limits.years.most}.`,
    },
    pay: {
      read: (text) => amountIn(text) || (text.trim() ? undefined : null), wrong: "Write an amount a year, as in 185,000 or 185k.",
      unusual: unusualPay, written: (amount) => payguide.numbers.exact(amount, payguide.model.currency), until: "",
    },
    growth: { read: (text) => numberIn(percent(text), -90, 100), wrong: "Write a percentage from −90 to 100." },
    share: { read: (text) => numberIn(percent(text), 0, 100), wrong: "Write a percentage from 0 to 100." },
    cliff: { read: (text) => numberIn(text, 0, 48), wrong: "Write a number of months from 0 to 48." },
    amount: { read: (text) => amountIn(text), wrong: "Write an amount, as in 185,000 or 185k." },
  };

  /** Values that the reader was asked about and holds to. */
  const meant = new Set();

  /** The value of a field; undefined, with the mistake or the question beside it, where it is not to be answered. */
  const checked = (input, kind) => {
    const { read, wrong, unusual, written, until } = READ[kind];
    const value = read(input.value);
    const stands = value === undefined || value === null || !unusual ? null : unusual(value);
    if (stands === null || meant.has(`${input.id} ${value}`)) {
      complain(input, value === undefined ? wrong : "");
      return value;
    }
    const asked = stands === value ? `Is it ${written(value)} a year?` : `Did you mean ${written(stands)}?`;
    complain(input, `${asked}${until}`, [
      stands === value ? null : [`Yes, ${written(stands)}`, () => { input.value = written(stands); }],
      [stands === value ? "Yes, it is" : `No, ${written(value)}`, () => meant.add(`${input.id} ${value}`)],
    ].filter(Boolean));
    return undefined;
  };

  /** Says what is wrong beside a field, with the ways to answer where it is a question. */
  const complain = (input, message, ways = []) => {
    input.setAttribute("aria-invalid", message ? "true" : "false");
    const place = document.getElementById(`${input.id}-e`);
    if ((place.dataset.said ?? "") !== message) {
      place.dataset.said = message;
      const button = ([name, act]) => {
        const made = h("button", { type: "button", class: "plain" }, name);
        made.addEventListener("click", () => {
          act();
          input.form.dispatchEvent(new Event("input"));
          input.focus();
        });
        return made;
      };
      place.replaceChildren(message, ...ways.map(button));
    }
  };

  /** The fields without an answer, each leading there. */
  const held = (form) => [...form.querySelectorAll('[aria-invalid="true"]')].map((input) => {
    const link = h("a", { href: `#${input.id}` }, input.labels[0].textContent);
    link.addEventListener("click", (event) => { event.preventDefault(); input.focus(); });
    return h("li", {}, link);
  });

  /** No answer is shown while a field is wrong or asked about, nor what was answered before. Returns what is read aloud. */
  const hold = (form) => {
    const waiting = held(form);
    document.querySelectorAll(".answers > section:not(#answer)").forEach((section) => { section.hidden = waiting.length > 0; });
    if (waiting.length) {
      put(document.querySelector("#answer > div").id, h("p", { class: "verdictline" }, "No answer yet"),
        h("p", {}, "What is written here cannot be answered as it stands; what is wrong is said beside each field:"), h("ul", {}, waiting));
    }
    return waiting.length ? "No answer yet: see what is said beside the fields." : "";
  };

  const chosen = (form, name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? "";
  const text = (form, name) => form.elements.namedItem(name)?.value.trim() ?? "";
  const several = (form, name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);

  const suggest = (id, values) => {
    document.getElementById(id)?.replaceChildren(...values.map((value) => h("option", { value })));
  };

  /**
   * Fills in what the address's fragment says of the form's fields, as in #years=7&place=Denver%2C+CO, and nothing else:
   * what it does not name is as in an empty form. Returns whether it names any.
   * @param {HTMLFormElement} form
   */
  const filled = (form) => {
    const said = new URLSearchParams(location.hash.slice(1));
    const named = [...form.elements].filter(({ name }) => name && said.get(name));
    if (named.length) {
      form.reset();
    }
    for (const field of named) {
      const values = said.getAll(field.name);
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.includes(field.value);
      } else if (field.tagName !== "SELECT" || [...field.options].some(({ value }) => value === values[0])) {
        field.value = values[0].slice(0, field.maxLength > 0 ? field.maxLength : undefined);
      }
    }
    return named.length > 0;
  };

  /**
   * Runs `read` now and whenever the form changes, and where no field is wrong `answer` with what it read; `answer`
   * returns the sentence that is read aloud, which waits until typing pauses. The button leads to the answer.
   * @param {HTMLFormElement} form @param {() => object} read @param {(asked: object) => string} answer @param {object} desk
   */
  const run = (form, read, answer, desk) => {
    let waiting = 0;
    const said = document.getElementById("said");
    const again = () => {
      const asked = read();
      const holding = hold(form);
      const sentence = holding || answer(asked);
      if (holding) {
        said.textContent = "";
      }
      clearTimeout(waiting);
      waiting = setTimeout(() => { said.textContent = sentence; }, 700);
    };
    document.querySelector(".desk").hidden = false;
    document.getElementById("needs").hidden = true;
    for (const [id, values] of Object.entries(desk.suggestions())) {
      suggest(id, values);
    }
    form.addEventListener("input", again);
    form.addEventListener("reset", () => meant.clear());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      again();
      const wrong = form.querySelector('[aria-invalid="true"]');
      (wrong ?? document.getElementById("answer")).focus();
    });
    addEventListener("resize", again);
    const follow = () => {
      const answered = filled(form);
      again();
      if (answered) {
        document.getElementById("answer").focus();
      }
    };
    addEventListener("hashchange", follow);
    follow();
  };

  payguide.form = { checked, complain, chosen, text, several, run };
}
