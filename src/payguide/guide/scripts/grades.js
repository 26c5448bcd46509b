"use strict";
/** An employer's own grades that the model knows: the list to pick from, and when an answer hangs on the pick. */
{
  const { h, figure, term } = payguide.dom;
  const { money } = payguide.numbers;
  /** The fewest data points of a grade that is offered. */
  const LEAST = 3;
  const LEVELS = ["entry", "mid", "senior", "staff"];
  const ANOTHER = "another";
  const cells = new Map();

  /** By employer what the model counts of each grade's key: [key, n][]. */
  const countsOf = (component) => {
    if (!cells.has(component)) {
      const { counts, vocabulary } = payguide.model.components[component];
      const { keys, n } = counts.find(({ by }) => by.join() === "employer,grade");
      const size = vocabulary.grade.length;
      const numbers = payguide.packed.integers(n);
      const found = new Map();
      payguide.packed.ascending(keys).forEach((key, k) => {
        const employer = vocabulary.employer[Math.floor(key / size)];
        found.set(employer, [...(found.get(employer) ?? []), [vocabulary.grade[key % size], numbers[k]]]);
      });
      cells.set(component, found);
    }
    return cells.get(component);
  };

  /** A grade's key as an employer writes it, "5 a l" as L5A: its key is the same again. */
  const written = (key) => {
    const pieces = key.split(" ");
    const [digits, letters] = [pieces.filter((piece) => /^[0-9]+$/.test(piece)), pieces.filter((piece) => !/^[0-9]+$/.test(piece))];
    if (digits.length === 1 && letters.length && letters.every((piece) => piece.length <= 3)) {
      const ahead = letters.at(-1).toUpperCase();
      return `${ahead}${digits[0]}${letters.slice(0, -1).join("-").toUpperCase()}`;
    }
    return [...letters, ...digits].map((piece) => piece[0].toUpperCase() + piece.slice(1)).join(" ");
  };

  const stepOf = (key) => /[0-9]+/.exec(key)?.[0] ?? key;

  /**
   * The grades to pick from: one for each step, as most of its people write it, with its level where the ladder is public.
   * @returns {{grade: string, level: string, n: number}[]} from the lowest to the highest
   */
  const gradesOf = (component, employer) => {
    const ladder = payguide.model.names.ladders[employer] ?? {};
    const steps = new Map();
    for (const [key, n] of countsOf(component).get(employer) ?? []) {
      const known = steps.get(stepOf(key)) ?? { key, n: 0, most: 0 };
      steps.set(stepOf(key), { key: n > known.most ? key : known.key, most: Math.max(n, known.most), n: known.n + n });
    }
    const levelOf = (grade, key) => ladder[grade.toLowerCase()] ?? LEVELS.find((level) => key === level) ?? "";
    const rank = ({ level }) => (level ? LEVELS.indexOf(level) : LEVELS.length);
    return [...steps.values()].filter(({ n }) => n >= LEAST).map(({ key, n }) => ({ grade: written(key), level: levelOf(written(key), key), n }))
      .sort((one, other) => rank(one) - rank(other) || one.grade.localeCompare(other.grade, "en", { numeric: true }));
  };

  /** Fills the list where the employer's grades are known, and gives the grade that is chosen or typed. */
  const field = (form, component, employer, words) => {
    const [pick, typed] = [form.elements.namedItem("pick"), form.elements.namedItem("grade")];
    const grades = gradesOf(component, employer);
    const of = [component, employer, typed.value].join("|");
    if (pick.dataset.of !== of) {
      const key = (grade) => payguide.inputs.gradeKey(grade, payguide.model.words);
      const same = typed.value.trim() && grades.find(({ grade }) => key(grade) === key(typed.value))?.grade;
      const kept = pick.dataset.of?.split("|")[1] === employer && !typed.value ? pick.value : "";
      const option = (value, text) => h("option", { value }, text);
      pick.replaceChildren(option("", "Not sure"),
        ...grades.map(({ grade, level }) => option(grade, level && words.levels[level].name !== grade ? `${grade}, ${words.levels[level].name.toLowerCase()}` : grade)),
        option(ANOTHER, "Another: write it"));
      pick.value = same || (typed.value.trim() ? ANOTHER : grades.some(({ grade }) => grade === kept) ? kept : "");
      pick.dataset.of = of;
    }
    pick.closest(".field").hidden = !grades.length;
    typed.closest(".field").hidden = grades.length > 0 && pick.value !== ANOTHER;
    return grades.length && pick.value !== ANOTHER ? pick.value : typed.value.trim();
  };

  /**
   * What is asked above an answer that leaves the grade open: nothing where there is one grade at its level and it would
   * move the median by no more than half the range from P25 to P75.
   */
  const asked = (read, answer, predict, name) => {
    const { profile, level } = read;
    const all = profile.grade || !profile.employer ? [] : gradesOf(profile.component, profile.employer);
    // without a public ladder nobody knows which of them are of the level
    const there = Object.hasOwn(payguide.model.names.ladders, profile.employer ?? "") ? all.filter((one) => level && one.level === level) : [];
    const open = there.length ? there : all;
    const medians = open.map(({ grade }) => predict({ ...profile, grade }).p50);
    const moves = Math.max(0, ...medians.map((median) => Math.abs(median - answer.p50)));
    if (!open.length || (open.length < 2 && moves <= (answer.p75 - answer.p25) / 2)) {
      return null;
    }
    const [low, high] = [Math.min(...medians), Math.max(...medians)];
    const outside = answer.p50 < low || answer.p50 > high;
    const shown = (value) => figure(money(value, answer.currency), value, `model.${profile.component}.p50`);
    return h("p", { class: "ask-grade" }, h("b", {}, term(`${name} has ${open.length} ${open.length === 1 ? "grade" : "grades"} `), there.length ? "at this level" : "in the evidence", ": choose yours."),
      " By grade, the median runs from ", shown(low), " to ", shown(high), outside ? "; the one below, which lies outside, is of people who state none." : "; the one below is for none of them in particular.");
  };

  payguide.grades = { gradesOf, written, field, asked };
}
