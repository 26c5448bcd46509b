"use strict";
/**
 * An offer's pay year by year: the same arithmetic as guide/offers.py, against which it is tested. Annual amounts
 * before tax, not discounted; a share is worth its price at the grant times (1 + growth)^years when it vests.
 */
{
  const YEARS = 4;
  const YEAR = 12;
  const [LEAST, MOST, STEP] = [-0.9, 1, 0.01];

  /**
   * @typedef {object} Offer
   * @property {number} base @property {number} bonus a year @property {number[]} signOn in the first and second year
   * @property {number} grant @property {number[]} schedule shares of one a year @property {number} cliff in months
   * @property {number} every months between vestings @property {number} refresher @property {number} refresherYears
   * @property {number} growth of the share price a year @property {number} [chance] that shares which cannot be sold
   *   ever can be @property {number} [discount] for the wait
   */

  /** The share of a grant that has vested after so many months. */
  const vested = (schedule, cliff, every, months) => {
    if (months < cliff) {
      return 0;
    }
    const held = Math.min(Math.max(Math.floor(months / every) * every, cliff), YEAR * schedule.length);
    const whole = Math.floor(held / YEAR);
    const rest = held % YEAR;
    const full = schedule.slice(0, whole).reduce((sum, share) => sum + share, 0);
    return full + (rest ? (schedule[whole] * rest) / YEAR : 0);
  };

  /** What a grant made at month `start` pays in each of the years. */
  const paid = (value, start, schedule, cliff, every, growth) => {
    const years = new Array(YEARS).fill(0);
    let before = 0;
    for (let month = 1; month <= YEAR * schedule.length; month += 1) {
      const now = vested(schedule, cliff, every, month);
      const year = Math.floor((start + month - 1) / YEAR);
      if (now > before && year < YEARS) {
        years[year] += value * (now - before) * (1 + growth) ** (month / YEAR);
      }
      before = Math.max(before, now);
    }
    return years;
  };

  /** The years of an offer: {base, bonus, signOn, equity, refreshers, total} each. @param {Offer} offer */
  const years = (offer) => {
    const first = paid(offer.grant, 0, offer.schedule, offer.cliff, offer.every, offer.growth);
    const even = new Array(offer.refresherYears).fill(1 / offer.refresherYears);
    const later = new Array(YEARS).fill(0);
    for (let start = YEAR; start < YEAR * YEARS; start += YEAR) {
      paid(offer.refresher, start, even, 0, offer.every, offer.growth).forEach((amount, k) => { later[k] += amount; });
    }
    const worth = (offer.chance ?? 1) * (1 - (offer.discount ?? 0));
    return Array.from({ length: YEARS }, (_, k) => {
      const year = { base: offer.base, bonus: offer.bonus, signOn: offer.signOn[k] ?? 0, equity: first[k] * worth, refreshers: later[k] * worth };
      return { ...year, total: year.base + year.bonus + year.signOn + year.equity + year.refreshers };
    });
  };

  const total = (offer) => years(offer).reduce((sum, year) => sum + year.total, 0);

  /** The growth of both share prices at which two offers pay the same, the nearest to none; null without any. */
  const equalGrowth = (one, other) => {
    const gap = (growth) => total({ ...one, growth }) - total({ ...other, growth });
    const steps = Array.from({ length: Math.round((MOST - LEAST) / STEP) + 1 }, (_, k) => LEAST + STEP * k);
    const gaps = steps.map(gap);
    const crossed = steps.slice(0, -1).map((_, k) => k).filter((k) => gaps[k] < 0 !== gaps[k + 1] < 0);
    if (!crossed.length) {
      return null;
    }
    let low = steps[crossed.reduce((best, k) => (Math.abs(steps[k]) < Math.abs(steps[best]) ? k : best))];
    let high = low + STEP;
    const rising = gap(low) < 0;
    for (let k = 0; k < 50; k += 1) {
      const middle = (low + high) / 2;
      if (gap(middle) < 0 === rising) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  };

  payguide.offers = { years, total, vested, equalGrowth, YEARS };
}
