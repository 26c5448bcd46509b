"use strict";
/**
 * Employers over their spellings, as decode/employer.py reads them: one id each, with tier and industry.
 * The lists come with the model (`names`).
 */
{
  /** Letters that no accent makes. */
  const LETTERS = { ø: "o", Ø: "O", ł: "l", Ł: "L", ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", đ: "d", ı: "i", "\u2010": "-", "\u2011": "-" };
  const LONGEST = 120;
  const TELLING = 4;
  const SUFFIX = /(?<=[a-z0-9]{2})\.(?:com|ai|io|co|dev|app|xyz|org|net|us|tech|inc|foundation)(?![\p{L}\p{N}_.])/gu;
  const TRADES_AS = /(?<![\p{L}\p{N}_])(?:d\/b\/a|d\.b\.a\.?|dba|doing business as|trading as)(?![\p{L}\p{N}_])[\s:.)/]*(?=[\p{L}\p{N}_])/gu;

  /** "X, a Y company": X hires under its own name, Y owns it. */
  const OWNED = /(?<=[a-z0-9.,])(?:,|[ ](?:inc|llc|corp|ltd)\.?,?)[ ]an?[ ](?:([^,]{2,60})[ ]company|(?:wholly[ -]owned[ ])?subsidiary[ ]of[ ](.{2,80}))$/iu;
  /** The most words ahead of a name that are none of it, and fewer; the digits of a code of accounts ahead of a name. */
  const OPENING = [4, 3, 2, 1];
  const CODE_DIGITS = 3;

  /** Web escapes undone, blanks joined. */
  const shownAs = (name) => {
    let shown = name.slice(0, LONGEST);
    for (let before = null; before !== shown; ) {
      before = shown;
      shown = unquoted(shown);
    }
    return shown.split(/\s+/u).filter(Boolean).join(" ");
  };

  /** Percent escapes as text; what is no escape, or no UTF-8, stays as a mark of the same meaning. */
  const unquoted = (text) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      const bytes = Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16));
      return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes);
    });

  /**
   * A reader of employers' names.
   * @param {object} names the model's `names`
   * @returns {(name: string) => {id: string, name: string, tier: string, industry: string}}
   */
  const employerReader = (names) => {
    const forms = Object.fromEntries(Object.entries(names.forms).map(([form, words]) => [form, new Set(words)]));
    const ending = new Set([...names.forms.legal, ...names.forms.board]);
    const same = new Set([...names.forms.same.flatMap((phrase) => phrase.split(" ")), ...names.forms.legal]);
    const tail = new Set([...same, ...names.forms.units, "ai"]);
    const large = new Set(names.large);

    const withoutEnds = (words) => {
      let from = 0;
      let to = words.length;
      while (to - from > 1 && ending.has(words[to - 1])) {
        to -= 1;
      }
      while (to - from > 1) {
        const taken = OPENING.find((n) => to - from > n && forms.opening.has(words.slice(from, from + n).join(" ")));
        if (!taken) {
          break;
        }
        from += taken;
      }
      return words.slice(from, to);
    };

    /** The words of a name without its legal form, what stands in brackets and "Careers at". */
    const wordsOf = (name) => {
      const open = name.replace(/\s{0,8}[([][^)\]]{0,80}[)\]]/g, "") || name;
      let plain = open.replace(/[^\0-\x7f]/gu, (letter) => LETTERS[letter] ?? letter);
      plain = plain.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
      const address = plain.replace(/^(?:https?:\/\/)?(?:www\.)?/, "");
      plain = address.replace(/[\s,([]+(?:formerly|fka|f\/k\/a|previously|aka|a\/k\/a|also known as)(?![\p{L}\p{N}_]).*/u, "") || plain;
      plain = plain.split(TRADES_AS).at(-1) ?? "";
      plain = plain.replace(/['’`´]/g, "").replace(/(?<![\p{L}\p{N}_])([a-z])[./](?=[a-z](?![\p{L}\p{N}_]))/gu, "$1");
      plain = plain.replaceAll("&", " and ");
      const latin = plain.replace(/[^a-z0-9]+/g, " ").split(" ").filter(Boolean);
      return withoutEnds(latin.length ? latin : plain.replace(/[^\p{L}\p{N}]/gu, " ").split(/\s+/u).filter(Boolean));
    };

    /** @type {Map<string, {id: string, name: string, tier: string, industry: string}>} */
    const listed = new Map();
    for (const [tier, industry, lines] of names.employers) {
      for (const line of lines) {
        const spellings = line.split("|");
        const employer = { id: wordsOf(spellings[0]).join("-"), name: spellings[0], tier, industry };
        for (const spelling of spellings) {
          const key = wordsOf(spelling).join("");
          if (!listed.has(key)) {
            listed.set(key, employer);
          }
        }
      }
    }

    // those of the table have no name of their own: they are shown as they are spelled
    for (const [tier, industry, ids] of names.table) {
      for (const id of ids.split(" ")) {
        const key = id.replaceAll("-", "");
        if (!listed.has(key)) {
          listed.set(key, { id, name: "", tier, industry });
        }
      }
    }

    const isSame = (employer, head, rest) => {
      if (!rest.length) {
        return true;
      }
      if (rest.length === 1 && rest[0] === "ai") {
        return employer.industry === "ai";
      }
      if (forms.ordinary.has(head.join(" "))) {
        return false;
      }
      const knownByIt = employer.name && large.has(employer.tier) && head.join("").length >= TELLING;
      return knownByIt || rest.every((word) => same.has(word));
    };

    /** The listed employer of these words, or of the first of them if only a unit or a place follows. */
    const known = (words) => {
      for (let end = words.length; end > 0; end -= 1) {
        const employer = listed.get(words.slice(0, end).join(""));
        if (employer && isSame(employer, words.slice(0, end), words.slice(end))) {
          return employer;
        }
        if (!tail.has(words[end - 1])) {
          return null;
        }
      }
      return null;
    };

    /** The listed employer behind a code of accounts ("99-7777827 Bank of America"). */
    const behindCode = (words) => {
      const start = words.findIndex((word) => !/^[0-9]+$/.test(word));
      const from = start < 0 ? words.length : start;
      return words.slice(0, from).join("").length < CODE_DIGITS ? null : known(withoutEnds(words.slice(from)));
    };

    /** Whether a phrase stands in the words of a name: "*" ahead is the rest of a word, "." behind the name's end. */
    const stands = (phrase, padded) => {
      const text = `${phrase.startsWith("*") ? "" : " "}${phrase.replace(/^\*|\.$/g, "")} `;
      return phrase.endsWith(".") ? padded.endsWith(text) : padded.includes(text);
    };

    const said = (padded, table) => table.find(([, phrases]) => phrases.some((phrase) => stands(phrase, padded)))?.[0];

    const readShown = (shown) => {
      const words = wordsOf(shown);
      const bare = wordsOf(shown.toLowerCase().replace(SUFFIX, ""));
      const found = known(words) ?? known(bare) ?? behindCode(words);
      if (found) {
        return found.name ? found : { ...found, name: shown };
      }
      if (!bare.length) {
        return { id: "", name: "", tier: "unknown", industry: "unknown" };
      }
      const padded = ` ${bare.join(" ")} `;
      const industry = said(padded, names.said.industry) ?? "unknown";
      const tier = said(padded, names.said.tier) ?? "unknown";
      const other = tier === "it_services" && industry !== "unknown";
      return { id: bare.join("-"), name: shown, tier: other ? "unknown" : tier, industry };
    };

    const read = (name) => {
      const shown = shownAs(name);
      const owned = OWNED.exec(shown);
      const isOwned = owned && known(wordsOf(owned[1] ?? owned[2]));
      return readShown(isOwned ? shown.slice(0, owned.index) : shown);
    };
    read.listed = () => new Set([...listed.values()].filter((employer) => employer.name));
    return read;
  };

  payguide.employerReader = employerReader;
}
