/** Floats as text: C's `%g` with a number of significant digits, or with as few as repr. */

/** The number as C's `%.12g` or `%.17g` writes it, infinities and NaN as `inf`, `-inf` and `nan`. */
export function percentG(x: number, precision: number): string {
  return placed(x, (size) => rounded(size, precision), precision);
}

/** The same with the fewest digits that read back as the number, as repr has them. */
export function shortestG(x: number): string {
  return placed(x, (size) => size.toExponential(), SHORTEST_FROM);
}

/** From this exponent on repr writes a number with one. */
const SHORTEST_FROM = 16;

/** @param from the exponent from which on the number is written with one */
function placed(x: number, scientific: (size: number) => string, from: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const [mantissa = "", power = ""] = scientific(Math.abs(x)).split("e");
  const digits = mantissa.replace(".", "").replace(/0+$/, "") || "0";
  const exponent = Number(power);
  if (exponent < -4 || exponent >= from) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction ? `.${fraction}` : "");
}

/** x in scientific notation with so many digits, a tie rounded to even as C does it; JavaScript rounds it up. */
function rounded(x: number, precision: number): string {
  const up = x.toExponential(precision - 1);
  const [mantissa = "", power = ""] = x.toExponential(100).split("e");
  const exact = mantissa.replace(".", "");
  if (!/^50*$/.test(exact.slice(precision)) || "13579".includes(exact[precision - 1] as string)) return up;
  return `${exact[0]}.${exact.slice(1, precision)}e${power}`;
}
