"use strict";
/**
 * The market in the model file, as estimator/market.py reads it: how pay is distributed in any part of the frame. What
 * is there a product of transforms is here a convolution on the same grid.
 */
{
  const { line } = payguide.inputs;
  /** What moves pay within a cell. */
  const MOVERS = ["metro", "industry", "remote"];
  /** What each point of the grid holds at the least, so that the share below it rises. */
  const LEAST = 1e-12;

  /** The market of one role. @param {object} market @param {string} role */
  const marketTables = (market, role) => {
    const { integers } = payguide.packed;
    const { values } = market;
    const { step, size } = market.grid;
    const half = Math.floor(size / 2);
    const told = market.roles[role];
    const tiers = values.tier.length;
    const read = (text, perOne) => integers(text).map((whole) => whole / perOne);
    const rows = (numbers, width) => Array.from({ length: numbers.length / width }, (_, k) => numbers.slice(k * width, (k + 1) * width));
    const shares = (text, width) => rows(read(text, market.per_one.share), width);
    const pay = (text) => read(text, market.per_one.pay);
    const [tier] = shares(told.tier, tiers);
    const given = Object.fromEntries(["level", ...MOVERS].map((name) => [name, shares(told.given[name], values[name].length)]));
    const cell = rows(pay(told.cell), tiers);
    const moved = Object.fromEntries(MOVERS.map((name) => [name, pay(market.moved[name])]));
    const nodes = Object.fromEntries(Object.entries(told.nodes).map(([component, text]) => {
      const flat = pay(text);
      return [component, rows(flat, flat.length / (values.level.length * tiers))];
    }));
    const benchesOf = (packed) => Object.fromEntries(Object.entries(packed).map(([component, text]) => [component, rows(pay(text), tiers + 1)]));
    const [open, placed] = [benchesOf(told.bench), benchesOf(told.bench_placed)];
    const grid = Array.from({ length: size }, (_, k) => (k - half) * step + step / 2);
    const known = new Map();
    const kernels = new Map();

    /** Adds weights at values to a density: each goes to the two points beside it. */
    const splat = (density, at, weight) => {
      const place = Math.min(Math.max((at + half * step) / step, 0), size - 1.001);
      const left = Math.floor(place);
      density[left] += weight * (1 - (place - left));
      density[left + 1] += weight * (place - left);
    };

    /** The density of the sum of two; the grid is a circle. */
    const convolved = (one, other) => {
      const found = new Float64Array(size);
      const taps = [...other.keys()].filter((k) => other[k] !== 0);
      one.forEach((weight, at) => {
        if (weight !== 0) {
          taps.forEach((k) => { found[(at + k - half + size) % size] += weight * other[k]; });
        }
      });
      return found;
    };

    /** By how much the movers that a part leaves open, and those that it tells, move a tier's people. */
    const kernel = (part, t) => {
      const key = [t, ...MOVERS.map((name) => part[name])].join("|");
      if (!kernels.has(key)) {
        let found = new Float64Array(size);
        found[half] = 1;
        for (const name of MOVERS) {
          const by = new Float64Array(size);
          if (part[name]) {
            splat(by, moved[name][values[name].indexOf(part[name])], 1);
          } else {
            moved[name].forEach((at, k) => splat(by, at, given[name][t][k]));
          }
          found = convolved(found, by);
        }
        kernels.set(key, found);
      }
      return kernels.get(key);
    };

    /** The share of a part at a level and tier; the shares need not add up to one. */
    const weight = (part, l, t) => {
      if ((part.level && part.level !== values.level[l]) || (part.tier && ![part.tier].flat().includes(values.tier[t]))) {
        return 0;
      }
      const within = MOVERS.filter((name) => part[name]).map((name) => given[name][t][values[name].indexOf(part[name])]);
      return within.reduce((product, share) => product * share, tier[t] * given.level[t][l]);
    };

    /** The share of a part whose pay lies under each point of the grid; null where it has nobody. */
    const below = (component, part) => {
      const density = new Float64Array(size);
      let people = 0;
      values.tier.forEach((_, t) => {
        const lies = new Float64Array(size);
        let here = 0;
        values.level.forEach((_name, l) => {
          const share = weight(part, l, t);
          const within = nodes[component][l * tiers + t];
          here += share;
          within.forEach((node) => { splat(lies, cell[l][t] + node, share / within.length); });
        });
        people += here;
        if (here > 0) {
          convolved(lies, kernel(part, t)).forEach((held, k) => { density[k] += held; });
        }
      });
      if (!(people > 0)) {
        return null;
      }
      let total = 0;
      const summed = Array.from(density, (held) => (total += held + LEAST));
      return summed.map((held) => held / total);
    };

    /** Where a part stands in the draws of differences: at a level's median or a tier's cells, and at what moves their pay. */
    const sharesOf = (part) => {
      const medians = [...values.level, ""].map((level) => Number(!part.tier && level === part.level));
      const cells = values.level.flatMap((_, l) => values.tier.map((_name, t) => (part.tier ? weight(part, l, t) : 0)));
      const whole = cells.reduce((sum, share) => sum + share, 0) || 1;
      const moved = MOVERS.flatMap((name) => values[name].map((value) => Number(part[name] === value)));
      return [...medians, ...cells.map((share) => share / whole), ...moved];
    };

    return {
      sharesOf,
      has: (component) => Object.hasOwn(nodes, component),
      /** How far the estimator is to be moved to agree with the market: ln, at a level and tier, each "" for all; where a metro is told, or not. */
      bench: (component, level, name, metro) => {
        const place = (of, value) => (values[of].includes(value) ? values[of].indexOf(value) : values[of].length);
        return (metro ? placed : open)[component][place("level", level)][place("tier", name)];
      },
      /** ln pay at probabilities in a part of the frame; null where it has nobody. */
      quantiles: (component, part, levels) => {
        const key = [component, part.level, part.tier, ...MOVERS.map((name) => part[name]), ...levels].join("|");
        if (!known.has(key)) {
          const under = below(component, part);
          known.set(key, under && levels.map((level) => told.centre + line(level, under, grid)));
        }
        return known.get(key);
      },
    };
  };

  payguide.marketTables = marketTables;
}
