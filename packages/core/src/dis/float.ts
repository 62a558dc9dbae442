/**
 * repr of floats and complex numbers: `%.12g` up to 1.5, `%.17g` up to 2.6 and in 3.0, then the shortest digits that
 * read back as the same number.
 */
import { type PyFloat, percentG, shortestG } from "../marshal/index.js";
import type { Traits } from "../version/index.js";

type Form = Traits["floats"];

/** repr of a float: as `general`, with `.0` where it would look like an integer. */
export function floatRepr(x: PyFloat, form: Form): string {
  const text = general(x.value, form);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** The number as C's `%g` writes it, with the digits of the form. A NaN has no sign. */
function general(x: number, form: Form): string {
  return form === "shortest" ? shortestG(x) : percentG(x, Number(form));
}

/** How complex numbers print, see `Traits.complexes`. */
export function complexRepr(real: PyFloat, imag: PyFloat, form: Form, style: Traits["complexes"]): string {
  const star = style === "star" && !Number.isFinite(imag.value) ? "*" : "";
  const j = `${general(imag.value, form)}${star}j`;
  if (real.value === 0 && !(style === "signed" && Object.is(real.value, -0))) return j;
  return `(${general(real.value, form)}${j.startsWith("-") ? "" : "+"}${j})`;
}
