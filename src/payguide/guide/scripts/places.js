"use strict";
/**
 * US places as people write them: "Seattle, WA", "Austin, Texas", "San Francisco", "Bay Area", "Ohio", or the title
 * of a metropolitan area. What is read is what decode/place.py reads; what it reads besides is left unread.
 */
{
  const LETTERS = { ł: "l", Ł: "L", ø: "o", Ø: "O", ß: "ss", đ: "d", ı: "i" };
  const COUNTRY = /^(?:usa?|u\.s\.(?:a\.)?|united states(?: of america)?)$/i;

  /** The name in lower case without accents and punctuation. */
  const key = (name) =>
    [...name].map((letter) => LETTERS[letter] ?? letter).join("").normalize("NFKD").replace(/[\u0300-\u036f]/g, "")
      .toLowerCase().replace(/['’]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().replace(/^saint /, "st ");

  /** @typedef {{metro: string, region: string, country: string, name: string, remote?: string}} Place */

  /**
   * A reader of places.
   * @param {object} names the model's `names`
   * @returns {(text: string) => Place|null} null where the text is not read as a US place
   */
  const placeReader = (names) => {
    const states = new Map(names.states);
    const codes = new Set(states.values());
    const alias = new Map(names.aliases);
    const titles = new Map(names.metros.map(([code, title]) => [key(title), { code, title }]));
    const titleOf = new Map(names.metros);
    const areas = new Map(names.areas.map(([name, region, metro]) => [name, { region, metro }]));
    const towns = new Map();
    for (const [state, metro, list] of names.towns) {
      list.split("|").forEach((town) => towns.set(`${town}|${state}`, metro));
    }
    const bare = new Map();
    for (const [state, list] of names.bare) {
      list.split("|").forEach((name) => bare.set(name, state));
    }

    const passed = new Set(names.arrangements.passed);
    const letter = "[\\p{L}\\p{N}]";
    const said = names.arrangements.said.map(([words, meant]) => [new RegExp(`(?<!${letter})${words}(?!${letter})`, "u"), meant]);
    /** What a text says of how work is done, "" for nothing (decode/remote.py). */
    const arrangement = (text) => said.find(([words]) => words.test(text.toLowerCase().replaceAll("-", " ")))?.[1] ?? "";
    /** The text without the words that say it, which are no place's. */
    const bareOf = (text) => text.replace(/\p{L}+/gu, (word) => (passed.has(word.toLowerCase()) && !codes.has(word) ? " " : word))
      .replace(/[()[\]|/–—;:]|(?<!\p{L})-|-(?!\p{L})/gu, ",");

    const metroOf = (city, state) => towns.get(`${city}|${state}`) ?? towns.get(`${alias.get(city) ?? city}|${state}`) ?? "";
    const place = (region, metro) => ({ metro, region, country: "US", name: metro ? titleOf.get(metro) : region });
    const stateOf = (part) => (codes.has(part.toUpperCase()) ? part.toUpperCase() : states.get(key(part)));

    const alone = (part) => {
      const name = key(part);
      const area = areas.get(name);
      if (area) {
        return place(area.region, area.metro);
      }
      if (bare.has(name)) {
        return place(bare.get(name), metroOf(name, bare.get(name)));
      }
      if (states.has(name) || (codes.has(part) && part.length === 2)) {
        return place(stateOf(part), "");
      }
      const behind = /^(.*\S)\s+([A-Z]{2})$/.exec(part);
      return behind && codes.has(behind[2]) ? place(behind[2], metroOf(key(behind[1]), behind[2])) : null;
    };

    const placed = (text) => {
      const title = titles.get(key(text));
      if (title) {
        return place(/, ([A-Z]{2})/.exec(title.title)?.[1] ?? "", title.code);
      }
      const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
      if (parts.length > 1 && COUNTRY.test(parts.at(-1))) {
        parts.pop();
      }
      if (parts.length === 1) {
        return COUNTRY.test(parts[0]) ? { metro: "", region: "", country: "US", name: "" } : alone(parts[0]);
      }
      const state = parts.length === 2 ? stateOf(parts[1]) : undefined;
      return state ? place(state, metroOf(key(parts[0]), state)) : null;
    };

    return (text) => {
      const remote = arrangement(text);
      if (!remote) {
        return placed(text);
      }
      const bare = bareOf(text);
      const found = /[\p{L}\p{N}]/u.test(bare) ? placed(bare) : { metro: "", region: "", country: "US", name: "" };
      return found && { ...found, remote };
    };
  };

  payguide.placeReader = placeReader;
}
