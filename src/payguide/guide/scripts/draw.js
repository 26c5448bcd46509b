"use strict";
/**
 * Drawings: a quantile dot plot, bars that run from one sum to the next, shares against what is meant.
 * Twenty dots stand for twenty people (Kay et al. 2016; Fernandes et al. 2018): counting dots is read more
 * rightly than a curve. The model states five quantiles; between two of them a dot's place is a straight line
 * on the log scale, and beyond the outer two nothing is stated, so those dots only say on which side they lie.
 */
{
  const { s } = payguide.dom;
  const { money } = payguide.numbers;
  const DOTS = 20;
  const STEPS = [1, 2, 2.5, 5, 10];

  /** Round numbers within [low, high], about `most` of them. */
  const ticks = (low, high, most) => {
    const rough = Math.max(high - low, 1e-9) / most;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = STEPS.find((one) => one * size >= rough * 0.999) * size;
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
  };

  /** The amount below which a share of people lie: straight on the log scale between the model's quantiles. */
  const between = (points, levels, share) => {
    const right = levels.findIndex((level) => level >= share);
    if (right <= 0) {
      return points[0];
    }
    const part = (share - levels[right - 1]) / (levels[right] - levels[right - 1]);
    return Math.exp(Math.log(points[right - 1]) * (1 - part) + Math.log(points[right]) * part);
  };

  /** Which of the model's intervals a share lies in: 0 below the lowest quantile, levels.length above all. */
  const bandOf = (levels, share) => levels.filter((level) => share > level).length;

  /** The twenty dots: {band, value}; value is null beyond the outer quantiles. */
  const people = (points, levels) =>
    Array.from({ length: DOTS }, (_, k) => {
      const share = (k + 0.5) / DOTS;
      const band = bandOf(levels, share);
      const stated = band > 0 && band < levels.length;
      return { band, value: stated ? between(points, levels, share) : null };
    });

  /** Dots into stacks no wider than one dot (Wilkinson 1999). */
  const stacked = (xs, width) => {
    const stacks = [];
    for (const x of xs) {
      const last = stacks.at(-1);
      if (last && x.at - last[0].at < width) {
        last.push(x);
      } else {
        stacks.push([x]);
      }
    }
    return stacks;
  };

  /**
   * A quantile dot plot with the reader's own pay.
   * @param {{points: number[], levels: number[], pay: number|null, currency: string, width: number, title: string, told: string}} given
   */
  const dots = ({ points, levels, pay, currency, width, title, told }) => {
    const narrow = width < 480;
    const edge = narrow ? 40 : 64;
    const [low, high] = [points[0], points.at(-1)];
    const reach = (high - low) * 0.9;
    const shown = pay === null ? null : Math.min(Math.max(pay, low - reach), high + reach);
    const from = Math.min(low, shown ?? low);
    const to = Math.max(high, shown ?? high);
    const x = (value) => edge + ((value - from) / (to - from)) * (width - 2 * edge);
    // a stack is a ninth of the stated range wide, so that most stacks hold two or three people
    const radius = Math.min(Math.max((x(high) - x(low)) / 18 - 0.5, 5), 17);
    const mine = pay === null ? -1 : points.filter((point) => pay >= point).length;
    const placed = people(points, levels);
    const tails = [0, levels.length].map((band) => {
      const at = band ? x(high) + radius + 6 : x(low) - radius - 6;
      return placed.filter((dot) => dot.band === band).map((dot) => ({ ...dot, at }));
    });
    const inner = placed.filter((dot) => dot.value !== null).map((dot) => ({ ...dot, at: x(dot.value) }));
    const stacks = [...stacked(inner, 2 * radius + 1), ...tails];
    const tall = Math.max(...stacks.map((stack) => stack.length));
    const head = 34;
    const floor = head + tall * (2 * radius + 1) + 6;
    const height = floor + 66;
    const kind = (band) => (pay === null || band > mine ? "full" : band === mine ? "half" : "hollow");
    const paint = {
      full: { fill: "var(--base)", stroke: "var(--base)" },
      half: { fill: "color-mix(in srgb, var(--base) 28%, var(--paper))", stroke: "var(--base)" },
      hollow: { fill: "none", stroke: "var(--muted)" },
    };
    const drawnDots = stacks.flatMap((stack) => {
      const middle = stack.reduce((sum, dot) => sum + dot.at, 0) / stack.length;
      return stack.map((dot, k) => {
        const at = { cx: middle.toFixed(1), cy: (floor - 5 - radius - k * (2 * radius + 1)).toFixed(1) };
        const look = paint[kind(dot.band)];
        return dot.value === null
          ? [s("circle", { ...at, r: radius - 4, fill: look.fill }), s("circle", { ...at, r: radius - 1, "stroke-width": 1.5, "stroke-dasharray": "3 3", fill: "none", stroke: look.stroke })]
          : s("circle", { ...at, r: radius - 0.75, "stroke-width": 1.5, ...look });
      });
    });
    return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": "dots-t dots-d" },
      s("title", { id: "dots-t" }, title), s("desc", { id: "dots-d" }, told),
      drawnDots, band(points, x, floor, width, currency, narrow),
      pay === null ? null : own(pay, shown, x, floor, width, currency));
  };

  /** The band under the dots: P10 to P90 thin, P25 to P75 thick, the median marked, the amounts below. */
  const band = (points, x, floor, width, currency, narrow) => {
    const y = floor + 8;
    const rule = (a, b, size, opacity) => s("line", { x1: x(a), x2: x(b), y1: y, y2: y, stroke: "var(--base)", "stroke-width": size, opacity });
    const written = [];
    // the median first, then the outer ends: where amounts would overlap, the quartiles' go
    for (const k of [2, 0, 4, 1, 3]) {
      const half = narrow ? 22 : 26;
      if (written.every((other) => Math.abs(x(points[other]) - x(points[k])) > 2 * half)) {
        written.push(k);
      }
    }
    const names = ["P10", "P25", "P50", "P75", "P90"];
    const text = (k) => [
      s("text", { x: x(points[k]), y: y + 25, "text-anchor": "middle", "font-size": 12.5, "font-weight": k === 2 ? 700 : 400, fill: "var(--ink)" }, money(points[k], currency)),
      s("text", { x: x(points[k]), y: y + 40, "text-anchor": "middle", "font-size": 11.5, fill: "var(--muted)" }, k === 2 ? "median" : names[k]),
    ];
    return s("g", {},
      rule(points[0], points[4], 1.5, 1), rule(points[1], points[3], 10, 0.35),
      s("circle", { cx: x(points[2]), cy: y, r: 5, fill: "var(--paper)", stroke: "var(--base)", "stroke-width": 2 }),
      [0, 4].map((k) => s("line", { x1: x(points[k]), x2: x(points[k]), y1: y - 6, y2: y + 6, stroke: "var(--base)", "stroke-width": 1.5 })),
      written.map(text));
  };

  /** The reader's own pay: a line through the drawing; at its edge, with an arrow, where it lies beyond it. */
  const own = (pay, shown, x, floor, width, currency, whose = "you") => {
    const at = x(shown);
    const beyond = pay > shown ? " →" : "";
    const before = pay < shown ? "← " : "";
    const anchor = at < 70 ? "start" : at > width - 70 ? "end" : "middle";
    return s("g", {},
      s("line", { x1: at, x2: at, y1: 20, y2: floor + 14, stroke: "var(--total)", "stroke-width": 2.5 }),
      s("text", { x: at, y: 13, "text-anchor": anchor, "font-size": 13, "font-weight": 700, fill: "var(--total)" }, `${before}${whose}, ${money(pay, currency)}${beyond}`));
  };

  /** One bar of a waterfall: from one running sum to the next, on the scale of [low, high]. */
  const step = (from, to, low, high) => {
    const x = (value) => ((value - low) / (high - low)) * 240;
    const left = Math.min(x(from), x(to));
    return s("svg", { viewBox: "0 0 240 16", width: "100%", height: 16, preserveAspectRatio: "none", "aria-hidden": "true" },
      s("line", { x1: x(from), x2: x(from), y1: 0, y2: 16, stroke: "var(--grid)", "stroke-width": 1, "vector-effect": "non-scaling-stroke" }),
      s("rect", { x: left, y: 3, width: Math.max(Math.abs(x(to) - x(from)), 1), height: 10, fill: to >= from ? "var(--base)" : "var(--total)" }));
  };

  /** A share with its interval against the share that is meant, on a scale from `low` to 1. */
  const share = (found, ends, meant, low) => {
    const x = (value) => 6 + ((Math.max(value, low) - low) / (1 - low)) * 188;
    return s("svg", { viewBox: "0 0 200 16", width: "100%", height: 16, "aria-hidden": "true" },
      s("line", { x1: x(meant), x2: x(meant), y1: 0, y2: 16, stroke: "var(--ink)", "stroke-width": 1 }),
      s("line", { x1: x(ends[0]), x2: x(ends[1]), y1: 8, y2: 8, stroke: "var(--base)", "stroke-width": 3, "stroke-linecap": "round" }),
      s("circle", { cx: x(found), cy: 8, r: 4, fill: "var(--paper)", stroke: "var(--base)", "stroke-width": 2 }));
  };

  /**
   * A predicted distribution as a band, the chosen range as a block on it, and one pay as a line.
   * @param {{points: number[], range: number[], pay: number|null, currency: string, width: number, title: string, told: string}} given
   */
  const range = ({ points, range: [low, high], pay, currency, width, title, told }) => {
    const narrow = width < 480;
    const edge = narrow ? 26 : 40;
    const reach = points.at(-1) - points[0];
    const shown = pay === null ? null : Math.min(Math.max(pay, points[0] - reach * 0.7), points.at(-1) + reach * 0.7);
    const from = Math.min(points[0], shown ?? points[0]);
    const to = Math.max(points.at(-1), shown ?? from);
    const x = (value) => edge + ((value - from) / (to - from)) * (width - 2 * edge);
    return s("svg", { viewBox: `0 0 ${width} 124`, width, height: 124, role: "img", "aria-labelledby": "range-t range-d" },
      s("title", { id: "range-t" }, title), s("desc", { id: "range-d" }, told),
      s("rect", { x: x(low), y: 26, width: x(high) - x(low), height: 34, rx: 3, fill: "color-mix(in srgb, var(--base) 22%, var(--paper))", stroke: "var(--base)", "stroke-width": 1.5 }),
      band(points, x, 60, width, currency, narrow),
      pay === null ? null : own(pay, shown, x, 60, width, currency, "this pay"));
  };

  payguide.draw = { range, dots, step, share, ticks, between, people };
}
