"use strict";
/** A table that sorts by its columns and is searched by its rows' names. Without this script it is read as it stands. */
{
  const table = document.getElementById("sorted");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const search = document.querySelector(".search");
  const field = document.getElementById("find");
  const found = document.getElementById("found");
  const by = document.getElementById("by");
  const headings = [...table.tHead.rows[0].cells];

  /** What a cell is sorted by: its plain value, its day, or its words; null where it says nothing. */
  const valueOf = (cell, kind) => {
    if (kind === "number") {
      const data = cell.querySelector("data");
      return data ? Number(data.value) : null;
    }
    return kind === "date" ? cell.querySelector("time")?.dateTime ?? null : cell.textContent.trim().toLowerCase();
  };

  const compare = (one, other) => (typeof one === "string" ? one.localeCompare(other) : one - other);

  /** Sort by a column, the largest first at first; what says nothing is always last. */
  const sortBy = (heading) => {
    const { cellIndex } = heading;
    const kind = heading.dataset.sort;
    const before = heading.getAttribute("aria-sort");
    const descending = before ? before === "ascending" : kind !== "text";
    for (const other of headings) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const keyed = rows.map((row) => [valueOf(row.cells[cellIndex], kind), row]);
    keyed.sort(([one], [other]) => {
      if (one === null || other === null) {
        return (one === null) - (other === null);
      }
      return descending ? compare(other, one) : compare(one, other);
    });
    body.append(...keyed.map(([, row]) => row));
    by.value = String(cellIndex);
  };

  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/u).filter(Boolean);
    for (const row of rows) {
      const name = row.cells[0].textContent.toLowerCase();
      row.hidden = !words.every((word) => name.includes(word));
    }
    found.textContent = words.length ? `${rows.filter((row) => !row.hidden).length} found` : "";
  };

  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(heading));
    heading.append(button);
  }
  field.addEventListener("input", narrow);
  by.addEventListener("change", () => {
    const heading = headings[Number(by.value)];
    heading.removeAttribute("aria-sort");
    sortBy(heading);
  });
  search.hidden = false;
  narrow();
}
