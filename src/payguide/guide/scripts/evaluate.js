"use strict";
/**
 * The estimator: a whole distribution of pay for one profile, read from the model file, as estimator/evaluate.py
 * reads it. ln pay_q = centre + index(day) + mean + spread * z_q; each of mean, ln spread and z_q is a sum of
 * looked-up effects; what tells sources or kinds of evidence apart is averaged over the blend of sources.
 */
{
  const { inputsReader, line, DAYS_A_YEAR } = payguide.inputs;
  /** The driver of what a profile leaves open: of an answer on the market's scale it is no part. */
  const NOT_STATED = "not stated";

  /** The numbers of a text, none below 0: variable-length codes in base64 (estimator/model_file.py). */
  const unpack = (text) => {
    const pieces = atob(text);
    const found = [];
    let value = 0;
    let scale = 1;
    for (let k = 0; k < pieces.length; k += 1) {
      const piece = pieces.charCodeAt(k);
      value += (piece & 127) * scale;
      scale *= 128;
      if (piece < 128) {
        found.push(value);
        value = 0;
        scale = 1;
      }
    }
    return found;
  };

  /** Whole numbers, written as zigzag codes. */
  const integers = (text) => unpack(text).map((code) => (code % 2 ? -(code + 1) / 2 : code / 2));

  /** Ascending numbers, written as their differences. */
  const ascending = (text) => {
    let last = 0;
    return unpack(text).map((more) => { last += more; return last; });
  };

  /** One table of effects, found by bisection: its keys ascend, its values are whole numbers, `perOne` to 1. */
  class Table {
    constructor(entry, sizes, perOne, values = "values") {
      this.by = entry.by;
      this.over = entry.over;
      this.driver = entry.driver;
      this.sizes = entry.by.map((name) => sizes[name]);
      this.blended = entry.by.includes("source") || entry.by.includes("kind");
      this.keys = ascending(entry.keys);
      this.effects = integers(entry[values]);
      this.perOne = perOne;
    }

    /** The effect for value numbers; 0 where one is not known or there is no entry. */
    at(values) {
      let total = 0;
      for (let k = 0; k < this.by.length; k += 1) {
        const value = values[this.by[k]];
        if (!(value >= 0 && value < this.sizes[k])) {
          return 0;
        }
        total = total * this.sizes[k] + value;
      }
      let low = 0;
      let high = this.keys.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.keys[middle] < total) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return this.keys[low] === total ? this.effects[low] / this.perOne : 0;
    }

    /** The contribution to a profile: the effect, averaged over the blend, times what it is a slope over. */
    of(inputs, weights, kinds) {
      let effect = 0;
      if (this.blended) {
        weights.forEach((weight, source) => {
          if (weight > 0) {
            effect += weight * this.at({ ...inputs.values, source, kind: kinds[source] });
          }
        });
      } else {
        effect = this.at(inputs.values);
      }
      return this.over === "time" ? effect * inputs.time : this.over === "log_years" ? effect * inputs.logYears : effect;
    }
  }

  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

  /** One component of a model, ready to evaluate. */
  class Part {
    constructor(model, file) {
      const tables = (terms) => terms.map((entry) => new Table(entry, file.sizes, model.per_one));
      this.model = model;
      this.file = file;
      this.read = inputsReader(model, file);
      this.mean = tables(file.mean.terms);
      this.scale = tables(file.scale.terms);
      this.levels = file.quantiles.map((level) => ({ value: level.value, tables: tables(level.terms) }));
      this.counts = file.counts.map((entry) => new Table(entry, file.sizes, 1, "n"));
      const away = file.quantiles.map((level) => Math.abs(level.level - 0.5));
      this.middle = away.indexOf(Math.min(...away));
    }

    /** The log of the wage index: a line through the file's values, and `rate` a year beyond them. */
    index(day) {
      const { days, logs } = this.file.index;
      const beyond = Math.max(day - this.file.last_day, 0) - Math.max(days[0] - day, 0);
      const held = Math.min(Math.max(day, days[0]), this.file.last_day);
      return line(held, days, logs) + (Math.log1p(this.file.rate) / DAYS_A_YEAR) * beyond;
    }

    /** The weight of each source: the profile's own; else those of its kind; else the shares around its date. */
    blend(inputs) {
      const { time, shares, kind, n } = this.file.blend;
      const at = (inputs.day - this.file.origin) / DAYS_A_YEAR;
      let weights = kind.map((_, source) => line(at, time, shares.map((row) => row[source])));
      const asked = inputs.values.kind;
      if (asked >= 0) {
        const only = (values) => values.map((value, source) => (kind[source] === asked ? value : 0));
        const narrowed = only(weights);
        weights = sum(narrowed) < 1e-9 ? only(n) : narrowed;
      }
      if (inputs.values.source >= 0) {
        weights = weights.map((_, source) => (source === inputs.values.source ? 1 : 0));
      }
      const total = sum(weights);
      return weights.map((weight) => weight / total);
    }

    /** The mean of ln pay less index and centre, and what each driver adds to it. */
    level(inputs, weights) {
      const { mean, blend } = this.file;
      const curve = line(inputs.filled, this.model.years.knots, mean.years);
      const trend = line(inputs.time, mean.time_knots, mean.time);
      const drivers = new Map([["experience", curve], ["date", trend + this.index(inputs.day)]]);
      let total = mean.intercept[0] + curve + trend;
      for (const table of this.mean) {
        const effect = table.of(inputs, weights, blend.kind);
        total += effect;
        drivers.set(table.driver, (drivers.get(table.driver) ?? 0) + effect);
      }
      return { mean: total, drivers };
    }

    /** The spread around the mean. */
    spread(inputs, weights, mean, counts) {
      const { scale, blend } = this.file;
      const knots = this.model.counts_knots.map(Math.log1p);
      const size = scale.intercept[0] + line(inputs.filled, this.model.years.knots, scale.years)
        + line(Math.log1p(counts[0]), knots, scale.n_grade) + line(Math.log1p(counts[1]), knots, scale.n_employer)
        + line(mean, scale.mean_knots, scale.mean);
      return Math.exp(size + sum(this.scale.map((table) => table.of(inputs, weights, blend.kind))));
    }

    /** The log of the role's reference at the model's date, and the drivers against it. */
    against(inputs, drivers) {
      const { file } = this;
      const held = (Math.min(Math.max(file.as_of, file.origin), file.last_day) - file.origin) / DAYS_A_YEAR;
      const now = line(held, file.mean.time_knots, file.mean.time) + this.index(file.as_of);
      const role = file.vocabulary.role[inputs.values.role] ?? "any";
      const typical = Object.hasOwn(file.reference, role) ? file.reference[role] : file.reference.any;
      let log = file.centre + file.mean.intercept[0] + now;
      const told = new Map();
      for (const [name, value] of drivers) {
        const at = name === "date" ? now : typical[name] ?? 0;
        told.set(name, value - at);
        log += name === "date" ? 0 : at;
      }
      return { reference: Math.exp(log), told };
    }

    /** @param {import("./inputs.js").Profile} profile */
    evaluate(profile) {
      const inputs = this.read(profile);
      const weights = this.blend(inputs);
      const { mean, drivers } = this.level(inputs, weights);
      const counts = this.counts.map((table) => table.at(inputs.values));
      const size = this.spread(inputs, weights, mean, counts);
      const kinds = this.file.blend.kind;
      const around = this.levels
        .map((level) => mean + size * (level.value + sum(level.tables.map((table) => table.of(inputs, weights, kinds)))))
        .sort((one, other) => one - other);
      const shift = this.file.centre + this.index(inputs.day);
      drivers.set("asymmetry", around[this.middle] - mean);
      const { reference, told } = this.against(inputs, drivers);
      const group = counts.findIndex((n) => n > 0);
      return { points: around.map((z) => Math.exp(z + shift)), n: counts[group] ?? 0, group, reference, told, weights, inputs };
    }
  }

  /**
   * The drivers in whole money, adding up exactly to median - reference: each contribution to the log of the ratio
   * times the logarithmic mean of the two, rounded by the largest remainders.
   */
  const inMoney = (told, reference, median, whole) => {
    const names = [...told.keys()];
    const total = sum([...told.values()]);
    const scale = Math.abs(total) < 1e-9 ? reference : (reference * Math.expm1(total)) / total;
    const exact = [...told.values()].map((share) => share * scale);
    const amounts = exact.map(Math.floor);
    const left = median - whole - sum(amounts);
    const even = Math.floor(left / names.length);
    const order = names.map((_, k) => k).sort((a, b) => exact[b] - amounts[b] - (exact[a] - amounts[a]) || a - b);
    order.forEach((k, rank) => { amounts[k] += even + (rank < left - even * names.length ? 1 : 0); });
    return names.map((name, k) => ({ name, amount: amounts[k] })).filter((driver) => driver.amount !== 0);
  };

  /**
   * What the model says of a profile. `group` is the place of the most specific group with evidence among the
   * file's (employer x grade, employer, role x metro, role), -1 without any; `weights` follows `sources`.
   * @typedef {{points: number[], p10: number, p25: number, p50: number, p75: number, p90: number, currency: string,
   *   coverage: number, n: number, group: number, reference: number, drivers: {name: string, amount: number}[],
   *   told: [string, number][], weights: number[], sources: string[], pattern: string}} Answer `told` are the drivers in ln
   */

  /** @param {object} model @returns {(profile: object) => Answer} */
  const estimator = (model) => {
    const parts = new Map();
    /** A component, made ready when it is first asked for: whole, or without what is left open. */
    const partOf = (name, whole) => {
      const key = `${name} ${whole}`;
      if (!parts.has(key)) {
        const file = model.components[name];
        const terms = file.mean.terms.filter((term) => whole || term.driver !== NOT_STATED);
        parts.set(key, new Part(model, { ...file, mean: { ...file.mean, terms } }));
      }
      return parts.get(key);
    };
    const anchor = model.market && payguide.anchor(model, (name, profile) => partOf(name, false).evaluate(profile));
    const predict = (profile) => {
      const component = profile.component || "base";
      if (!Object.hasOwn(model.components, component)) {
        throw new RangeError(`the model has no component ${component}`);
      }
      const onMarket = Boolean(anchor?.sees(component, profile));
      const found = onMarket ? anchor.answer(component, profile) : partOf(component, true).evaluate(profile);
      const points = found.points.map(Math.round);
      const reference = Math.round(found.reference);
      const named = Object.fromEntries(model.quantiles.map((level, k) => [`p${Math.round(100 * level)}`, points[k]]));
      return {
        points, ...named, currency: model.currency, coverage: model.coverage, n: found.n, group: found.group, reference,
        drivers: inMoney(found.told, found.reference, named.p50, reference), onMarket,
        told: [...found.told], weights: found.weights, sources: model.components[component].vocabulary.source, pattern: found.inputs.pattern,
      };
    };
    predict.standsAt = anchor?.standsAt;
    return predict;
  };

  payguide.packed = { integers, ascending };
  payguide.inMoney = inMoney;
  payguide.estimator = estimator;
}
