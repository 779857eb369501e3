// A number on the command line. What is none would become a loop of no rounds, which finds no fault.

/** @throws Error that names the option, when `text` is no whole number of at least `least`. */
export function wholeNumber(option: string, text: string, least = 1): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(`--${option} is a whole number from ${least} on, not ${JSON.stringify(text)}`);
}
