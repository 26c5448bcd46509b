"use strict";
/** The bridge: from the guide's figure of a level to the reader's median, in steps that add up to the dollar. */
{
  const { word } = payguide.desk;

  /**
   * @param {object} read what was read of the reader @param {import("./evaluate.js").Answer} answer @param {Function} predict
   * @returns {{from: number, level: string, steps: {name: string, amount: number}[]}} whole money; `from` is the median
   *   of the level, of all levels where none is told; the steps add up to the answer's median less it
   */
  const bridge = ({ profile, level }, answer, predict) => {
    const { role, component } = profile;
    if (!answer.onMarket || !level) {
      return { from: answer.reference, level: "", steps: answer.drivers };
    }
    const start = predict({ role, component, level, country: profile.country });
    const told = new Map(answer.told);
    const within = (told.get("experience") ?? 0) - Math.log(start.p50 / answer.reference);
    // amounts are whole: what is less than one of them is none
    told.set("experience", Math.abs(within) * start.p50 < 1 ? 0 : within);
    return { from: start.p50, level, steps: payguide.inMoney(told, start.p50, answer.p50, start.p50) };
  };

  /** What a step is called: the level's own step is part of where the bridge begins. */
  const stepName = (name, level, words) => (name === "experience" && level ? "Experience within the level" : word(words, "drivers", name));

  payguide.bridge = { bridge, stepName };
}
