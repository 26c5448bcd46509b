"use strict";
/**
 * Answers on the market's scale, as estimator/anchored.py gives them: the market's distribution of the part of the
 * frame that is filled in, moved by what the estimator says of all else; a named employer is the estimator's answer,
 * benchmarked to the market.
 */
{
  const { line, ladderOf, several, nameless, ordinal, within, DAYS_A_YEAR } = payguide.inputs;
  const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9];
  const MIDDLE = 2;
  const [BASE, TOTAL] = ["base", "total"];
  /** An employer that is named and was not met. */
  const UNMET = "\0";
  const NOBODY = { level: "", tier: "", metro: "", industry: "", remote: "" };
  const STEPS = [["experience", "level"], ["place", "metro"], ["remote", "remote"], ["employer", "tier"], ["employer", "industry"]];
  /** Drivers of the estimator that the market's steps stand for, or what is left over does. */
  const REPLACED = new Set(["employer", "date", "source", "asymmetry", "role", "place", "remote"]);

  /** Ln pay at the quantiles in a part of the frame; where the frame has nobody there, in the part around it. */
  const nearest = (table, component, part) => {
    const { level, tier, metro } = part;
    const around = [part, { ...NOBODY, level, tier }, { ...NOBODY, level, metro }, { ...NOBODY, level }, NOBODY];
    return around.reduce((found, one) => found ?? table.quantiles(component, one, QUANTILES), null);
  };

  /** What each dimension that is filled in moves the median by, one after the other. */
  const stepsTo = (table, component, part, met) => {
    const steps = new Map();
    let told = NOBODY;
    let before = nearest(table, component, NOBODY)[MIDDLE];
    for (const [driver, name] of STEPS) {
      if (part[name] && !(met && driver === "employer")) {
        told = { ...told, [name]: part[name] };
        const now = nearest(table, component, told)[MIDDLE];
        steps.set(driver, (steps.get(driver) ?? 0) + now - before);
        before = now;
      }
    }
    return steps;
  };

  /**
   * @param {object} model @param {(component: string, profile: object) => object} raw the estimator, without what
   *   statements that leave something open have in common
   */
  const anchor = (model, raw) => {
    const { market } = model;
    const { values } = market;
    const tables = new Map();
    const beside = new Map();
    const employers = new Map(Object.entries(model.components).map(([name, part]) => [name, new Set(part.vocabulary.employer)]));
    const table = (role) => {
      if (!tables.has(role)) {
        tables.set(role, payguide.marketTables(market, role));
      }
      return tables.get(role);
    };
    const among = (name, value) => (!nameless(value) && values[name].includes(value) ? value : "");

    /** The estimator, asked as one source states pay: what it contrasts are contrasts of one population. */
    const asked = (component, profile) => raw(component, { ...profile, source: market.source[component] });

    /** What the estimator says beside a profile: ln median and drivers. */
    const told = (component, profile) => {
      const key = JSON.stringify([component, profile]);
      if (!beside.has(key)) {
        const found = asked(component, profile);
        beside.set(key, { middle: Math.log(found.points[MIDDLE]), drivers: found.told });
      }
      return beside.get(key);
    };

    const sees = (component, { source, kind, role }) =>
      !source && !kind && Object.hasOwn(market.roles, role ?? "") && table(role).has(component);

    /** A profile as the market sees it: `known` is the component that has met its employer, "" where none has. */
    const seen = (component, profile) => {
      const named = !nameless(profile.employer);
      return {
        ...Object.fromEntries(["level", "tier", "industry", "metro", "region", "country", "remote"].map((name) => [name, profile[name] ?? ""])),
        role: profile.role, years: within(profile.years, "years of experience"), named, special: [...new Set(several(profile.specialisation))].sort(),
        known: (named && [component, BASE].find((name) => employers.get(name)?.has(profile.employer))) || "",
      };
    };

    /** Whom a profile stands beside: those of the years of its level, or of its level, or all of them. */
    const aroundOf = (one) => {
      if (one.years !== null) {
        const level = ladderOf(one.years, model.years.ladder);
        return { level, experiences: market.years[level].map((years) => ({ years })) };
      }
      const stands = model.years.of_level[one.level];
      const level = values.level.includes(one.level) ? one.level : stands === undefined ? "" : ladderOf(stands, model.years.ladder);
      return { level, experiences: [{ level }] };
    };

    const partOf = (one, level) => {
      const metro = nameless(one.metro) ? "" : one.metro;
      const elsewhere = !values.metro.includes(metro) && (metro || !nameless(one.region));
      // who no list knows is of the tiers whose employers are not all known by name
      const open = one.named && !one.known ? market.roles[one.role].open : "";
      return {
        level, tier: among("tier", one.tier) || open, industry: among("industry", one.industry), remote: among("remote", one.remote),
        metro: elsewhere ? values.metro.at(-1) : metro,
      };
    };

    const besideOf = (one, experience) => ({
      ...experience, role: one.role, tier: one.tier, industry: one.industry, metro: one.metro, region: one.region,
      country: one.country, remote: one.remote, employer: one.named ? UNMET : "", specialisation: one.known ? [] : one.special,
    });

    /** The mean of the ln medians that the estimator tells beside profiles. */
    const middle = (component, profiles) => profiles.reduce((sum, profile) => sum + told(component, profile).middle, 0) / profiles.length;

    /** How far the estimator is to be moved at a tier and level to agree with the market. */
    const benchOf = (component, one, { level, tier, metro }, experiences) => {
      const typical = (experience) => ({ ...experience, role: one.role, tier: one.tier, employer: UNMET });
      const found = table(one.role).bench(component, level, tier, metro);
      return one.years === null ? found : found + middle(component, [typical({ level })]) - middle(component, experiences.map(typical));
    };

    const driftOf = (one, date) => {
      if (!date) {
        return 0;
      }
      const { years, ln, tier } = market.drift;
      const away = (ordinal(date) - market.as_of) / DAYS_A_YEAR;
      const slope = among("tier", one.tier) ? tier[values.tier.indexOf(one.tier)] : 0;
      return line(away, years, ln) + slope * Math.min(away, 0);
    };

    /** What goes to the estimator's ln pay at the quantiles, and what of it the specialisations move. */
    const addedOf = (component, one, part, experiences) => {
      if (one.known === component) {
        const bench = benchOf(component, one, part, experiences);
        return { added: QUANTILES.map(() => bench), moves: 0 };
      }
      const here = nearest(table(one.role), component, part);
      if (one.known) {
        const base = nearest(table(one.role), one.known, part);
        return { added: here.map((value, q) => value - base[q]), moves: 0 };
      }
      const moves = one.special.reduce((sum, name) => sum + (Object.hasOwn(market.special, name) ? market.special[name] : 0), 0);
      const coarse = middle(component, experiences.map((experience) => besideOf(one, experience)));
      return { added: here.map((value) => value + moves - coarse), moves };
    };

    /** How much each level counts at years of experience: alone at its middle, and by degrees from one to the next. */
    const between = (years) => {
      const middles = values.level.map((level) => market.years[level].reduce((sum, one) => sum + one, 0) / market.years[level].length);
      return values.level.map((level, k) => ({ level, share: line(years, middles, middles.map((_, other) => Number(other === k))) }));
    };

    /** What goes to the estimator's ln pay where years are told: of the levels about them. */
    const addedAt = (component, one, own) => {
      if (one.years === null) {
        return own;
      }
      const levels = between(one.years).filter(({ share }) => share > 0);
      const each = levels.map(({ level }) => addedOf(component, one, partOf(one, level), market.years[level].map((years) => ({ years }))).added);
      return own.map((_, q) => levels.reduce((sum, { share }, k) => sum + share * each[k][q], 0));
    };

    /** The drivers of a profile: the market's steps, what else the estimator sees in it, and what is left. */
    const explained = (component, one, part, experiences, { found, moves, drift, between, left }) => {
      const drivers = stepsTo(table(one.role), component, part, Boolean(one.known));
      const add = (name, value) => drivers.set(name, (drivers.get(name) ?? 0) + value);
      const besides = experiences.map((experience) => told(component, besideOf(one, experience)).drivers);
      add("specialisation", moves);
      for (const [name, value] of found.told) {
        if (!REPLACED.has(name)) {
          add(name, value - besides.reduce((sum, drawn) => sum + (drawn.get(name) ?? 0), 0) / besides.length);
        }
      }
      add("date", drift);
      add("experience", between);
      add(one.known ? "employer" : "experience", [...drivers.values()].reduce((rest, value) => rest - value, left));
      // in the order of their names, as the library has them: of equal remainders the first is rounded up
      return new Map([...drivers].sort(([name], [other]) => (name < other ? -1 : 1)));
    };

    const answer = (component, profile) => {
      const one = seen(component, profile);
      const { level, experiences } = aroundOf(one);
      const part = partOf(one, level);
      const found = asked(component, { ...profile, date: "" });
      const drift = driftOf(one, profile.date);
      const { added: own, moves } = addedOf(component, one, part, experiences);
      const added = addedAt(component, one, own);
      let log = found.points.map((point, q) => Math.log(one.known === component ? point : found.points[MIDDLE]) + drift + added[q]);
      if (component === TOTAL && employers.has(BASE)) {
        const base = answer(BASE, profile).points.map(Math.log);
        log = log.map((value, q) => Math.max(one.known === BASE ? base[q] + added[q] : value, base[q])).sort((a, b) => a - b);
      }
      const whole = nearest(table(one.role), component, NOBODY)[MIDDLE];
      const drivers = explained(component, one, part, experiences, { found, moves, drift, between: added[MIDDLE] - own[MIDDLE], left: log[MIDDLE] - whole });
      return { ...found, points: log.map(Math.exp), reference: Math.exp(whole), told: drivers };
    };

    /** Where a profile stands in the frame: its shares of cells and movers, in the order of the draws (differences.py). */
    const standsAt = (profile) => {
      const one = seen(BASE, profile);
      const levels = one.years === null ? [{ level: aroundOf(one).level, share: 1 }] : between(one.years);
      const each = levels.map(({ level, share }) => table(one.role).sharesOf(partOf(one, level)).map((of) => of * share));
      return each.reduce((sum, other) => sum.map((value, k) => value + other[k]));
    };

    return { sees, answer, standsAt };
  };

  payguide.anchor = anchor;
}
