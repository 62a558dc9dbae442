/**
 * repr of floats and complex numbers: `%.12g` up to 1.5, `%.17g` up to 2.6 and in 3.0, then the shortest digits that
 * read back as the same number.
 */
import type { PyFloat } from "../marshal/index.js";
import type { Traits } from "../version/index.js";

type Form = Traits["floats"];

/** From this exponent on a number is written with one. */
const EXPONENT_FROM = { "12": 12, "17": 17, shortest: 16 } as const;

/** repr of a float: as `general`, with `.0` where it would look like an integer. */
export function floatRepr(x: PyFloat, form: Form): string {
  const text = general(x.value, form);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** The number as C's `%g` writes it, with the digits of the form. A NaN has no sign. */
function general(x: number, form: Form): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const scientific = form === "shortest" ? Math.abs(x).toExponential() : rounded(Math.abs(x), Number(form));
  const [mantissa = "", power = ""] = scientific.split("e");
  const digits = mantissa.replace(".", "").replace(/0+$/, "") || "0";
  const exponent = Number(power);
  if (exponent < -4 || exponent >= EXPONENT_FROM[form]) {
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

/** How complex numbers print, see `Traits.complexes`. */
export function complexRepr(real: PyFloat, imag: PyFloat, form: Form, style: Traits["complexes"]): string {
  const star = style === "star" && !Number.isFinite(imag.value) ? "*" : "";
  const j = `${general(imag.value, form)}${star}j`;
  if (real.value === 0 && !(style === "signed" && Object.is(real.value, -0))) return j;
  return `(${general(real.value, form)}${j.startsWith("-") ? "" : "+"}${j})`;
}
