"use strict";
/**
 * The first script of every page: the one name that is ours, how numbers are written and how they are read.
 * Classic scripts, in order, without modules: a page opened from a file may load no module.
 * @namespace
 */
globalThis.payguide = {};

{
  /** The nearest whole number; halves to the even one, as the guide's other pages write them. */
  const even = (value) => {
    const down = Math.floor(value);
    const half = value - down === 0.5;
    return half ? down + (down % 2) : Math.round(value);
  };

  /** @param {string} currency @returns {string} what stands before an amount: the page's data bring the signs */
  const symbol = (currency) => (payguide.edition ?? payguide.data).symbols[currency] ?? `${currency} `;

  /**
   * An annual amount in thousands, as the guide writes it: 182,400 is "$182K", 1,250,000 "$1.25M".
   * @param {number} amount @param {string} currency
   */
  const money = (amount, currency) => {
    const size = Math.abs(amount);
    const sign = amount < 0 ? "−" : "";
    if (size >= 999_500) {
      return `${sign}${symbol(currency)}${Number((size / 1e6).toFixed(2))}M`;
    }
    return size >= 1000
      ? `${sign}${symbol(currency)}${even(size / 1000)}K`
      : `${sign}${symbol(currency)}${even(size)}`;
  };

  /** A whole number with thousands apart: 12,345. */
  const count = (number) => String(Math.round(number)).replace(/\B(?=(?:\d{3})+$)/g, ",");

  /** An amount to the last unit: "$182,400". */
  const exact = (amount, currency) =>
    `${amount < 0 ? "−" : ""}${symbol(currency)}${count(Math.abs(amount))}`;

  /** An amount with the sign that a difference carries: "+$12K". */
  const signed = (amount, currency) => (amount > 0 ? "+" : "") + money(amount, currency);

  /** A fraction in percent: 0.153 is "15%". */
  const percent = (fraction, digits = 0) =>
    `${fraction < 0 ? "−" : ""}${Math.abs(fraction * 100).toFixed(digits)}%`;

  /** What may stand before or behind an amount: the edition's own currency, by its sign or code, and no other. */
  const own = (currency) => [currency, `${currency.slice(0, 2)}${symbol(currency)}`, symbol(currency)];

  /**
   * An amount as people type it: "185k", "$185,000", "1.2m", "185 000". "185.000" is none: it may be 185 as well.
   * @param {string} text
   * @returns {number|null|undefined} null where nothing is typed, undefined where it is no amount
   */
  const amountIn = (text, currency = payguide.model.currency) => {
    if (text.trim() === "") {
      return null;
    }
    let bare = text.trim().toUpperCase();
    const signs = own(currency).map((sign) => sign.trim().toUpperCase());
    const [before, behind] = [signs.find((sign) => bare.startsWith(sign)), signs.find((sign) => bare.endsWith(sign))];
    bare = bare.slice(before?.length ?? 0).trim();
    bare = (behind && !before ? bare.slice(0, -behind.length) : bare).trim().replace(/(?<=\d)[,\s_'’](?=\d{3}(?!\d))/g, "");
    const found = /^(\d+(?:\.\d+)?)\s*(k|m|thousand|million)?$/i.exec(bare);
    if (!found || /^\d+\.\d{3}$/.test(bare)) {
      return undefined;
    }
    const unit = (found[2] ?? "").toLowerCase();
    const times = unit.startsWith("k") || unit.startsWith("t") ? 1000 : unit ? 1e6 : 1;
    const amount = Number(found[1]) * times;
    return amount <= 1e9 ? amount : undefined;
  };

  /** A plain number as people type it, within bounds; null where nothing is typed, undefined where wrong. */
  const numberIn = (text, low, high) => {
    const bare = text.trim().replace(/^[−–]/, "-");
    if (bare === "") {
      return null;
    }
    const number = /^-?\d+(?:\.\d+)?$/.test(bare) ? Number(bare) : NaN;
    return number >= low && number <= high ? number : undefined;
  };

  payguide.numbers = { money, exact, signed, count, percent, amountIn, numberIn };
}
