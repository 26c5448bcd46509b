"use strict";
/** Elements made from parts. Text only ever becomes text: nothing here reads HTML. */
{
  const SVG = "http://www.w3.org/2000/svg";

  const fill = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(name, String(value));
      }
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "" && child !== false));
    return element;
  };

  /** An HTML element. @param {string} tag @param {Object<string, *>} attributes @param {...*} children */
  const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

  /** An SVG element. */
  const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  /**
   * A number with the estimate it belongs to: `band.senior.base.p50` of the guide, `model.base.p50` of the estimator.
   * With `href` it leads to what it rests on.
   */
  const figure = (text, value, estimate, href = "") => {
    const data = h("data", { class: "figure", "data-estimate": estimate, value }, text);
    return href ? h("a", { class: "fig", href }, data) : data;
  };

  /** A number that the reader typed, or that follows from it by arithmetic alone. */
  const typed = (text, value) => h("data", { class: "typed", "data-estimate": "yours", value }, text);

  /** A count of the evidence. */
  const counted = (number, of) => h("data", { class: "count", "data-estimate": of, value: number }, payguide.numbers.count(number));

  /** A name that may hold a number: P25, a law's section. */
  const term = (text) => h("span", { class: "term" }, text);

  /** Every cell says what it is, for narrow screens, which show a row's cells below each other. A row that lacks its first cells stands under the last columns. */
  const labelled = (head, rows) => {
    for (const row of rows.flat(Infinity).filter(Boolean)) {
      const cells = [...row.querySelectorAll("td")];
      cells.forEach((cell, k) => { cell.dataset.label = head[head.length - cells.length + k][0]; });
    }
    return rows;
  };

  /** A table with a header row; `head` holds [text, class]. */
  const table = (caption, head, rows, kind = "numbers") =>
    h("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: 0 },
      h("table", { class: kind }, h("caption", {}, caption),
        h("thead", {}, h("tr", {}, head.map(([text, name]) => h("th", { scope: "col", class: name }, text)))),
        h("tbody", {}, labelled(head, rows))));

  /** The element of an id, with something else in it. */
  const put = (id, ...children) => {
    document.getElementById(id).replaceChildren(...children.flat(Infinity).filter(Boolean));
  };

  payguide.dom = { h, s, figure, typed, counted, term, table, put };
}
