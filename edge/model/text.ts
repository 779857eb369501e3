// Words for people come in both first languages, always together.

/** A sentence or name in Chinese and English. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export type Language = keyof Text;
