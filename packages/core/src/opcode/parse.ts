/**
 * Sets of opcode numbers, and how their text reads: a number says where to go on, a name takes the next number and `-`
 * leaves it unused, `@N` is HAVE_ARGUMENT (90 unless told). Behind `|` stand the numbers that the compiler of this
 * version never writes (specialised and instrumented opcodes, and those of another release with the same magic number);
 * `NAME=BASE` names the base opcode where it is not the longest opcode that the name begins with. Behind `~` stand
 * opcodes that the interpreter has but its own `dis` does not name.
 */
export interface NumberSet {
  /** The version's name, or for a pre-release its magic number; `pypy3.9` for another lineage. */
  readonly key: string;
  /**
   * In CPython's order, the magic number from which the set holds, or the registry's `release` where an older Python
   * has the same number; 0 stands for the first Python.
   */
  readonly since?: number | string;
  /** The set that the text is a change to; its numbers behind `|` are not taken over. */
  readonly base?: string;
  /** False where the numbers are not known and those nearest stand in. */
  readonly certain?: false;
  readonly text: string;
}

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
    names: under?.names.map((name, n) => (under.known[n] === 2 ? undefined : name)) ?? new Array(256).fill(undefined),
    known: under?.known.map((known) => (known === 2 ? 0 : known)) ?? new Uint8Array(256),
    bases: new Map(),
    haveArgument: under?.haveArgument ?? 90,
  };
  let number = 0;
  let kind = 1;
  for (const word of text.split(/\s+/)) {
    if (word === "") continue;
    const first = word.charCodeAt(0);
    if (word === "|") kind = 2;
    else if (word === "~") kind = 3;
    else if (first === 0x40) out.haveArgument = Number(word.slice(1));
    else if (first >= 0x30 && first <= 0x39) number = Number(word);
    else {
      const [name, base] = word.split("=");
      out.names[number] = name === "-" ? undefined : name;
      out.known[number] = name === "-" ? 0 : kind;
      if (base !== undefined) out.bases.set(number, base);
      number++;
    }
  }
  return out;
}
