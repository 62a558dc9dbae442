/**
 * The page's script. It reads the data that stands in the page, shows as many rows as there is room for, and links
 * bytes and structure: what is pointed at, or moved to with the keyboard, on one side is marked on the other. Texts
 * from the file only ever become text nodes.
 *
 * It is a string and not a function, so that whatever a bundler does to code leaves it (and its hash) alone.
 */
export const pageScript = `"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const ROW = 22;
  const WIDTH = 16;

  // --- the data -----------------------------------------------------------------------------------
  const raw = atob(data.bytes);
  const size = raw.length;
  const byteAt = (i) => raw.charCodeAt(i);
  const numbers = (base64) => {
    const text = atob(base64);
    let i = 0;
    const next = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = text.charCodeAt(i++);
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    next.left = () => i < text.length;
    return next;
  };
  const lineKind = [];
  const lineDepth = [];
  const lineStart = [];
  const lineEnd = [];
  const lineName = [];
  const lineValue = [];
  const lineNext = [];
  const lineUp = [];
  let count = 0;
  {
    const next = numbers(data.lines);
    const open = [];
    for (let at = 0; next.left(); count++) {
      lineKind.push(next());
      lineDepth.push(next());
      lineStart.push((at += next()));
      lineEnd.push(at + next());
      lineName.push(next());
      lineValue.push(next());
      lineNext.push(0);
      while (open.length > 0 && lineDepth[open[open.length - 1]] >= lineDepth[count]) lineNext[open.pop()] = count;
      lineUp.push(open.length > 0 ? open[open.length - 1] : -1);
      open.push(count);
    }
    for (const i of open) lineNext[i] = count;
  }
  const nameAt = (line) => data.texts[lineName[line]];
  const valueAt = (line) => data.texts[lineValue[line]];
  const leafStart = [];
  const leafKind = [];
  const leafLine = [];
  {
    const next = numbers(data.leaves);
    for (let at = 0, line = 0; next.left(); ) {
      leafKind.push(next());
      leafStart.push(at);
      at += next();
      const step = next();
      line += step & 1 ? -(step >> 1) : step >> 1;
      leafLine.push(line);
    }
    leafStart.push(size);
  }
  const leafAt = (offset) => {
    let low = 0;
    let high = leafKind.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (leafStart[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  // --- lists that hold only the rows in view --------------------------------------------------------
  class List {
    constructor(box, make, paint) {
      this.box = box;
      this.space = box.firstElementChild;
      this.make = make;
      this.paint = paint;
      this.rows = new Map();
      this.length = 0;
      this.due = false;
      const later = () => this.later();
      box.addEventListener("scroll", later, { passive: true });
      new ResizeObserver(later).observe(box);
    }
    resize(length) {
      this.length = length;
      this.rows.clear();
      this.space.style.height = length * ROW + "px";
      this.later();
    }
    later() {
      if (this.due) return;
      this.due = true;
      requestAnimationFrame(() => {
        this.due = false;
        this.draw();
      });
    }
    draw() {
      const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - 8);
      const last = Math.min(this.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + 8);
      const rows = new Map();
      for (let i = first; i < last; i++) {
        let row = this.rows.get(i);
        if (row === undefined) {
          row = this.make(i);
          row.style.transform = "translateY(" + i * ROW + "px)";
        }
        this.paint(row, i);
        rows.set(i, row);
      }
      this.rows = rows;
      const now = [...rows.values()];
      const shown = this.space.children;
      if (now.length !== shown.length || now.some((row, i) => row !== shown[i])) this.space.replaceChildren(...now);
    }
    reveal(i, center) {
      const top = i * ROW;
      const { scrollTop, clientHeight } = this.box;
      if (top >= scrollTop && top + ROW <= scrollTop + clientHeight - 12) return;
      this.box.scrollTop = center
        ? top - clientHeight / 2
        : top < scrollTop
          ? top
          : top + ROW - clientHeight + 12;
    }
    get page() {
      return Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    }
  }
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // --- what is pointed at (over), what is chosen (at), which kind is singled out -----------------------
  let atLine = 0;
  let atByte = 0;
  let overLine = -1;
  let overByte = -1;
  let onlyKind = 0;
  const shownLine = () => (overLine >= 0 ? overLine : atLine);
  const shownByte = () => (overByte >= 0 ? overByte : overLine >= 0 ? lineStart[overLine] : atByte);

  const pairs = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));
  const digits = Math.max(4, size.toString(16).length);
  const offset = (n) => "0x" + n.toString(16).padStart(digits, "0");

  // --- bytes ----------------------------------------------------------------------------------------
  const hex = new List(
    byId("hex"),
    (index) => {
      const row = element("div", "row");
      row.setAttribute("role", "row");
      row.setAttribute("aria-rowindex", index + 1);
      const from = index * WIDTH;
      const to = Math.min(size, from + WIDTH);
      const head = element("span", "at", from.toString(16).padStart(digits, "0"));
      head.setAttribute("role", "rowheader");
      const left = element("span", "pairs");
      left.setAttribute("role", "presentation");
      const right = element("span", "chars");
      right.setAttribute("aria-hidden", "true");
      for (let i = from, leaf = leafAt(from); i < to; i++) {
        while (leafStart[leaf + 1] <= i) leaf++;
        const byte = byteAt(i);
        const name =
          "k k" + leafKind[leaf] + (i === leafStart[leaf] ? " first" : "") + (i + 1 === leafStart[leaf + 1] ? " last" : "");
        const pair = element("i", name, pairs[byte]);
        pair.setAttribute("role", "gridcell");
        pair.id = "b" + i;
        pair.dataset.i = i;
        left.append(pair);
        const char = element("i", name, byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·");
        char.dataset.i = i;
        right.append(char);
      }
      row.append(head, left, right);
      return row;
    },
    (row, index) => {
      const line = shownLine();
      const byte = shownByte();
      const leaf = leafAt(byte);
      for (const side of [row.children[1], row.children[2]]) {
        let i = index * WIDTH;
        for (const cell of side.children) {
          const within = i >= lineStart[line] && i < lineEnd[line];
          const classes = cell.classList;
          classes.toggle("within", within);
          classes.toggle("on", within && (overByte < 0 || (i >= leafStart[leaf] && i < leafStart[leaf + 1])));
          classes.toggle("cursor", i === atByte);
          classes.toggle("dim", onlyKind > 0 && !classes.contains("k" + onlyKind));
          i++;
        }
      }
    },
  );

  // --- structure --------------------------------------------------------------------------------------
  const folded = new Set();
  let shown = [];
  let placeOf = new Map();
  const lay = () => {
    byId("fold").textContent = folded.size > 0 ? "Unfold all" : "Fold all";
    shown = [];
    for (let i = 0; i < count; i = folded.has(i) ? lineNext[i] : i + 1) shown.push(i);
    placeOf = new Map(shown.map((line, place) => [line, place]));
    tree.resize(shown.length);
  };
  const isGroup = (line) => lineNext[line] > line + 1;
  const tree = new List(
    byId("tree"),
    (place) => {
      const line = shown[place];
      const row = element("div", "row");
      row.id = "t" + line;
      row.dataset.line = line;
      row.setAttribute("role", "treeitem");
      row.setAttribute("aria-level", lineDepth[line] + 1);
      row.append(element("span", "at", lineStart[line].toString(16).padStart(digits, "0")));
      row.append(element("span", "mark", data.marks[line] ?? ""));
      const fold = element("span", "fold", "");
      fold.style.marginLeft = Math.min(24, lineDepth[line]) * 18 + "px";
      fold.setAttribute("aria-hidden", "true");
      if (isGroup(line)) {
        fold.dataset.fold = line;
        fold.textContent = folded.has(line) ? "▸" : "▾";
        row.setAttribute("aria-expanded", String(!folded.has(line)));
      }
      row.append(fold);
      row.append(element("span", "name" + (lineKind[line] === 0 ? " group" : " k k" + lineKind[line]), nameAt(line)));
      row.append(element("span", "value", valueAt(line)));
      return row;
    },
    (row, place) => {
      const line = shown[place];
      row.classList.toggle("on", line === shownLine());
      row.setAttribute("aria-selected", String(line === atLine));
    },
  );
  const toggle = (line) => {
    if (!isGroup(line)) return;
    if (!folded.delete(line)) folded.add(line);
    if (folded.has(line) && atLine > line && atLine < lineNext[line]) choose(line, lineStart[line]);
    lay();
  };
  const unfoldTo = (line) => {
    let changed = false;
    for (let up = lineUp[line]; up >= 0; up = lineUp[up]) changed = folded.delete(up) || changed;
    if (changed) lay();
  };
  /** The line itself, or the folded group that hides it. */
  const visible = (line) => {
    let found = line;
    for (let up = lineUp[line]; up >= 0; up = lineUp[up]) if (folded.has(up)) found = up;
    return found;
  };

  // --- what the foot says -------------------------------------------------------------------------------
  const nameOf = (line) => (nameAt(line).trim() + " " + valueAt(line)).trim();
  const describe = () => {
    const line = shownLine();
    const byte = shownByte();
    const leaf = leafAt(byte);
    const path = [];
    for (let up = lineUp[line]; up >= 0; up = lineUp[up]) path.unshift(nameAt(up));
    const from = lineStart[line];
    const to = lineEnd[line];
    byId("what").textContent = nameOf(line);
    byId("path").textContent = path.join(" › ");
    const kind = byId("kind");
    kind.className = "k k" + leafKind[leaf];
    kind.textContent = data.kinds[leafKind[leaf]] ?? "";
    byId("span").textContent =
      offset(from) + " to " + offset(to) + ", " + (to - from === 1 ? "1 byte" : to - from + " bytes");
    const first = leafStart[leaf];
    const last = Math.min(leafStart[leaf + 1], first + 8);
    let integer = 0;
    for (let i = last - 1; i >= first; i--) integer = integer * 256 + byteAt(i);
    const width = leafStart[leaf + 1] - first;
    byId("number").textContent = [1, 2, 4].includes(width) && data.integers.includes(leafKind[leaf])
      ? integer + (integer >= 2 ** (8 * width - 1) ? " or " + (integer - 2 ** (8 * width)) : "")
      : "";
    if (overLine < 0) byId("said").textContent = nameOf(line) + ", " + byId("kind").textContent + ", " + byId("span").textContent;
  };
  const refresh = () => {
    hex.later();
    tree.later();
    describe();
  };

  // --- choosing and pointing ------------------------------------------------------------------------------
  const choose = (line, byte) => {
    atLine = line;
    atByte = byte;
    overLine = overByte = -1;
    byId("tree").setAttribute("aria-activedescendant", "t" + visible(line));
    byId("hex").setAttribute("aria-activedescendant", "b" + byte);
    try {
      history.replaceState(null, "", "#" + offset(byte));
    } catch {
      // a page without an address of its own
    }
  };
  const chooseByte = (byte, center) => {
    if (size === 0) return;
    const at = Math.max(0, Math.min(size - 1, byte));
    const line = leafLine[leafAt(at)];
    choose(line, at);
    unfoldTo(line);
    hex.reveal(Math.floor(at / WIDTH), center);
    tree.reveal(placeOf.get(line), true);
    refresh();
  };
  const chooseLine = (line) => {
    choose(line, Math.min(lineStart[line], Math.max(0, size - 1)));
    unfoldTo(line);
    tree.reveal(placeOf.get(line), false);
    hex.reveal(Math.floor(lineStart[line] / WIDTH), true);
    refresh();
  };
  let waiting = 0;
  const point = (line, byte, other) => {
    if (line === overLine && byte === overByte) return;
    overLine = line;
    overByte = byte;
    refresh();
    clearTimeout(waiting);
    if (line >= 0 && byId("follow").checked) waiting = setTimeout(other, 150);
  };
  byId("hex").addEventListener("pointerover", (event) => {
    const cell = event.target.closest("[data-i]");
    if (cell === null || event.pointerType === "touch") return;
    const byte = Number(cell.dataset.i);
    const line = leafLine[leafAt(byte)];
    point(line, byte, () => tree.reveal(placeOf.get(visible(line)), true));
  });
  byId("tree").addEventListener("pointerover", (event) => {
    const row = event.target.closest("[data-line]");
    if (row === null || event.pointerType === "touch") return;
    const line = Number(row.dataset.line);
    point(line, -1, () => hex.reveal(Math.floor(lineStart[line] / WIDTH), true));
  });
  for (const id of ["hex", "tree"]) byId(id).addEventListener("pointerleave", () => point(-1, -1));
  byId("hex").addEventListener("click", (event) => {
    const cell = event.target.closest("[data-i]");
    if (cell !== null) chooseByte(Number(cell.dataset.i), false);
  });
  byId("tree").addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold]");
    if (fold !== null) return toggle(Number(fold.dataset.fold));
    const row = event.target.closest("[data-line]");
    if (row !== null) chooseLine(Number(row.dataset.line));
  });
  byId("tree").addEventListener("dblclick", (event) => {
    const row = event.target.closest("[data-line]");
    if (row !== null) toggle(Number(row.dataset.line));
  });

  // --- the keyboard -------------------------------------------------------------------------------------
  const keys = (box, moves) =>
    byId(box).addEventListener("keydown", (event) => {
      const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
      if (move === undefined) return;
      event.preventDefault();
      move();
    });
  const byteBy = (step) => () => chooseByte(atByte + step, false);
  keys("hex", {
    ArrowLeft: byteBy(-1),
    ArrowRight: byteBy(1),
    ArrowUp: byteBy(-WIDTH),
    ArrowDown: byteBy(WIDTH),
    PageUp: () => chooseByte(atByte - WIDTH * hex.page, false),
    PageDown: () => chooseByte(atByte + WIDTH * hex.page, false),
    Home: () => chooseByte(0, false),
    End: () => chooseByte(size - 1, false),
  });
  const lineBy = (step) => {
    const place = (placeOf.get(visible(atLine)) ?? 0) + step;
    chooseLine(shown[Math.max(0, Math.min(shown.length - 1, place))]);
  };
  keys("tree", {
    ArrowUp: () => lineBy(-1),
    ArrowDown: () => lineBy(1),
    PageUp: () => lineBy(-tree.page),
    PageDown: () => lineBy(tree.page),
    Home: () => lineBy(-count),
    End: () => lineBy(count),
    ArrowRight: () => {
      if (folded.has(atLine)) toggle(atLine);
      else if (isGroup(atLine)) chooseLine(atLine + 1);
      refresh();
    },
    ArrowLeft: () => {
      if (isGroup(atLine) && !folded.has(atLine)) toggle(atLine);
      else if (lineUp[atLine] >= 0) chooseLine(lineUp[atLine]);
      refresh();
    },
    Enter: () => toggle(atLine),
  });

  // --- tools --------------------------------------------------------------------------------------------
  const find = byId("find");
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const wanted = find.value.trim().toLowerCase();
    if (wanted === "") return;
    if (/^0x[0-9a-f]+$/.test(wanted)) return chooseByte(Number(wanted), true);
    for (let n = 1; n <= count; n++) {
      const line = (atLine + (event.shiftKey ? count - n : n)) % count;
      if (!nameOf(line).toLowerCase().includes(wanted)) continue;
      chooseLine(line);
      return;
    }
    byId("said").textContent = "nothing found";
  });
  byId("fold").addEventListener("click", () => {
    const unfold = folded.size > 0;
    folded.clear();
    if (!unfold) for (let i = 0; i < count; i++) if (isGroup(i) && lineUp[i] >= 0) folded.add(i);
    const line = visible(atLine);
    if (line !== atLine) choose(line, lineStart[line]);
    lay();
    tree.reveal(placeOf.get(atLine), true);
    refresh();
  });
  byId("legend").addEventListener("click", (event) => {
    const button = event.target.closest("[data-kind]");
    if (button === null) return;
    onlyKind = onlyKind === Number(button.dataset.kind) ? 0 : Number(button.dataset.kind);
    for (const other of byId("legend").querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(Number(other.dataset.kind) === onlyKind));
    }
    const leaf = leafAt(atByte);
    const next = leafKind.indexOf(onlyKind, leaf);
    if (onlyKind > 0) chooseByte(leafStart[next < 0 ? leafKind.indexOf(onlyKind) : next], true);
    hex.later();
  });
  for (const button of document.querySelectorAll("details [data-at]")) {
    button.addEventListener("click", () => chooseByte(Number(button.dataset.at), true));
  }

  // --- begin ----------------------------------------------------------------------------------------------
  lay();
  byId("hex").style.setProperty("--digits", digits);
  hex.resize(Math.ceil(size / WIDTH));
  byId("hex").setAttribute("aria-rowcount", Math.ceil(size / WIDTH));
  const asked = /^#0x([0-9a-f]{1,8})$/i.exec(location.hash);
  if (asked !== null) chooseByte(Number.parseInt(asked[1], 16), true);
  describe();
})();
`;
