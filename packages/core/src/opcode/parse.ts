/**
 * Reads the text of a set of numbers: a number says where to go on, a name takes the next number and `-` leaves it
 * unused, `@N` is HAVE_ARGUMENT (90 unless told). Behind `|` stand the numbers that the compiler of this version never
 * writes (specialised and instrumented opcodes, and those of another release with the same magic number); `NAME=BASE`
 * names the base opcode where it is not the longest opcode that the name begins with. Behind `~` stand opcodes that the
 * interpreter has but its own `dis` does not name.
 */
export interface Numbers {
  /** Names by number; undefined where unused. */
  readonly names: (string | undefined)[];
  /** 1 an opcode, 2 one that the compiler never writes, 3 one that `dis` does not name. */
  readonly known: Uint8Array;
  /** The name of the base opcode, where the text tells it. */
  readonly bases: Map<number, string>;
  haveArgument: number;
}

/** The numbers of a text, on top of those it is a change to. */
export function parseNumbers(text: string, under?: Numbers): Numbers {
  const out: Numbers = {
    names: under?.names.slice() ?? new Array<string | undefined>(256),
    known: under?.known.slice() ?? new Uint8Array(256),
    bases: new Map(under?.bases),
    haveArgument: under?.haveArgument ?? 90,
  };
  let number = 0;
  let kind = 1;
  for (const word of text.trim().split(/\s+/)) {
    const first = word.charCodeAt(0);
    if (word === "|") kind = 2;
    else if (word === "~") kind = 3;
    else if (first === 0x40) out.haveArgument = Number(word.slice(1));
    else if (first >= 0x30 && first <= 0x39) number = Number(word);
    else {
      const [name, base] = word.split("=");
      out.names[number] = name === "-" ? undefined : name;
      out.known[number] = name === "-" ? 0 : kind;
      if (base === undefined) out.bases.delete(number);
      else out.bases.set(number, base);
      number++;
    }
  }
  return out;
}
