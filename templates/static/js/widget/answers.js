// The newest answers of a topic or an agency.

import { query } from "./asking.js";
import { Widget } from "./frame.js";

export class Answers extends Widget {
  static reserved = 440;

  path() {
    return `/embed/answers?${query({ ...this.named("site", "topic", "agency", "most"), lang: this.spoken })}`;
  }

  page() {
    return `/questions?${query(this.named("topic", "agency"))}`;
  }
}
