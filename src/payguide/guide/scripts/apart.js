"use strict";
/**
 * How well the difference of two answers is known: what both have in common cancels (fit/market/differences.py). Of a
 * named employer the residual to its market is that of its own page (fit/market/companies.py), taken as independent of
 * another employer's.
 */
{
  /** The normal quantile of the coverage that intervals have. */
  const Z = 1.645;
  const LEVELS = ["entry", "mid", "senior", "staff"];
  const tables = new Map();

  const rowsOf = (component) => {
    if (!tables.has(component)) {
      const { components, factors, per_one: perOne } = payguide.differences;
      const flat = payguide.packed.integers(components[component]).map((whole) => whole / perOne);
      tables.set(component, Array.from({ length: flat.length / (factors + 1) }, (_, k) => flat.slice(k * (factors + 1), (k + 1) * (factors + 1))));
    }
    return tables.get(component);
  };

  /** The standard deviation, ln, of what parts a named employer from its market; 0 where none is named. */
  const residual = ({ employer, component }, level) => {
    const { employers = [], components: found = {}, per_one: perOne } = payguide.companies ?? {};
    const at = employers.indexOf(employer);
    if (!employer || at < 0 || !found[component]) {
      return employer ? payguide.differences.new : 0;
    }
    const gaps = payguide.packed.integers(found[component].gap).slice(at * 2 * LEVELS.length, (at + 1) * 2 * LEVELS.length).map((whole) => whole / perOne);
    const sd = (l) => (gaps[2 * l] + gaps[2 * l + 1]) / (2 * Z);
    return LEVELS.includes(level) ? sd(LEVELS.indexOf(level)) : Math.max(...LEVELS.map((_, l) => sd(l)));
  };

  const squares = (numbers) => numbers.reduce((sum, one) => sum + one * one, 0);

  /**
   * The difference of two answers, the first less the second, in whole money, with its interval.
   * @param {Function} predict
   * @param {{profile: object, level: string, p50: number}} one @param {{profile: object, level: string, p50: number}} other
   *   one without a profile is an amount that is known
   * @returns {{value: number, low: number, high: number}|null} null where the market has no draws of them
   */
  const difference = (predict, one, other) => {
    const sides = [[one, 1], [other, -1]].filter(([side]) => side.profile);
    const { component } = one.profile ?? other.profile;
    if (!payguide.differences?.components[component] || !predict.standsAt || sides.some(([{ profile }]) => !Object.hasOwn(payguide.model.market.roles, profile.role))) {
      return null;
    }
    const rows = rowsOf(component);
    const weights = rows.map(() => 0);
    const employers = new Map();
    for (const [{ profile, level, p50 }, sign] of sides) {
      // a named employer stands at its market, and its residual beside it
      const { employer, ...named } = profile;
      const { tier, industry, ...bare } = named;
      const anybody = employer && (payguide.companies?.employers ?? []).includes(employer) ? bare : named;
      predict.standsAt(anybody).forEach((share, k) => { weights[k] += sign * p50 * share; });
      if (employer) {
        const [weight] = employers.get(employer) ?? [0];
        employers.set(employer, [weight + sign * p50, residual(profile, level)]);
      }
    }
    const { factors } = payguide.differences;
    const common = Array.from({ length: factors }, (_, f) => rows.reduce((sum, row, k) => sum + weights[k] * row[f], 0));
    const own = rows.map((row, k) => weights[k] * row[factors]);
    const half = Z * Math.sqrt(squares(common) + squares(own) + squares([...employers.values()].map(([weight, sd]) => weight * sd)));
    const value = one.p50 - other.p50;
    return { value, low: Math.round(value - half), high: Math.round(value + half) };
  };

  /** How posted ranges lie to people in post at a level and tier, ln; null where the evidence does not tell them apart. */
  const posted = ({ tier }, level) => {
    if (!payguide.differences || !LEVELS.includes(level)) {
      return null;
    }
    const tiers = payguide.model.market.values.tier;
    const t = tiers.includes(tier) ? tiers.indexOf(tier) : tiers.length;
    const at = (LEVELS.indexOf(level) * (tiers.length + 1) + t) * 3;
    const [value, low, high] = payguide.packed.integers(payguide.differences.posted).slice(at, at + 3).map((whole) => whole / payguide.differences.per_one);
    return low > 0 || high < 0 ? { value, low, high } : null;
  };

  /** A difference in words: its value, and its interval. */
  const said = (found, id) => {
    const { figure, h } = payguide.dom;
    const { signed } = payguide.numbers;
    const { currency } = payguide.model;
    const clear = found.low > 0 || found.high < 0;
    return [figure(signed(found.value, currency), found.value, id), " (", h("data", { class: "interval", "data-estimate": id, value: found.value }, `${signed(found.low, currency)} to ${signed(found.high, currency)}`),
      clear ? ")" : ", no clear difference)"];
  };

  payguide.apart = { difference, posted, said };
}
