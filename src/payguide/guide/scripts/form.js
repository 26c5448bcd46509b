"use strict";
/** A form that answers while it is filled in: its fields read, its mistakes named beside them. */
{
  const { amountIn, numberIn } = payguide.numbers;
  const { h } = payguide.dom;

  /** Fields that hold numbers, by the end of their name: how each is read, and what is said where it cannot be. */
  const READ = {
    years: [(text) => numberIn(text, 0, 80), "Write a number of years from 0 to 80."],
    growth: [(text) => numberIn(text, -90, 100), "Write a percentage from −90 to 100."],
    cliff: [(text) => numberIn(text, 0, 48), "Write a number of months from 0 to 48."],
    amount: [amountIn, "Write an amount, as in 185,000 or 185k."],
  };

  /** The value of a field; undefined, with the mistake named beside it, where it cannot be read. */
  const checked = (input, kind) => {
    const [read, wrong] = READ[kind];
    const value = read(input.value);
    complain(input, value === undefined ? wrong : "");
    return value;
  };

  const complain = (input, message) => {
    input.setAttribute("aria-invalid", message ? "true" : "false");
    const place = document.getElementById(`${input.id}-e`);
    if (place.textContent !== message) {
      place.textContent = message;
    }
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
   * Runs `answer` now and whenever the form changes; `answer` returns the sentence that is read aloud, which waits
   * until typing pauses. The button leads to the answer.
   * @param {HTMLFormElement} form @param {() => string} answer @param {object} desk
   */
  const run = (form, answer, desk) => {
    let waiting = 0;
    const said = document.getElementById("said");
    const again = () => {
      const sentence = answer();
      clearTimeout(waiting);
      waiting = setTimeout(() => { said.textContent = sentence; }, 700);
    };
    document.querySelector(".desk").hidden = false;
    document.getElementById("needs").hidden = true;
    for (const [id, values] of Object.entries(desk.suggestions())) {
      suggest(id, values);
    }
    form.addEventListener("input", again);
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
