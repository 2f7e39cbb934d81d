// Decisions from a seed.
'use strict';

/** The same seed decides the same (mulberry32). */
class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). */
  share() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  below(count) { return Math.floor(this.share() * count); }
  chance(share) { return this.share() < share; }
  of(all) { return all[this.below(all.length)]; }
  /** `least` to `most` results of `rule`. */
  many(least, most, rule) {
    return Array.from({length: least + this.below(most - least + 1)}, (_, at) => rule(at));
  }
}

module.exports = {Random};
