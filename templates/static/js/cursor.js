// Where a reader stands in a channel: the next fact is taken, an old one dropped, and a gap is asked for from here.

const PATIENCE = 2000; // before the same is asked for again

export class Cursor {
  constructor(at) {
    this.at = at;
    this.heard = at; // the newest that is known to exist
    this.asked = { at: -1, when: 0 };
  }

  // Whether this one is next; then the reader stands there.
  takes(number) {
    this.heard = Math.max(this.heard, number);
    if (number !== this.at + 1) return false;
    this.at = number;
    return true;
  }

  // Something is missing, and nobody has asked for it a moment ago.
  misses(now) {
    const waits = this.asked.at === this.at && now - this.asked.when < PATIENCE;
    if (this.at >= this.heard || waits) return false;
    this.asked = { at: this.at, when: now };
    return true;
  }

  // A fresh start from there.
  goTo(number) {
    this.at = this.heard = number;
  }
}
