// Hosts of URLs: names, IPv4 and IPv6 addresses, by the URL standard. Each function gives the host as it is written, or throws.

import { escape, unescape } from "selvedge/params";

// The host of a scheme that the standard knows.
export function domain(text) {
  if (text.startsWith("[")) return address(text);
  const name = unescape(text).normalize("NFKC").toLowerCase().replace(/[\u3002\uff0e\uff61]/g, ".");
  const ascii = name.split(".").map((label) => (/[^\0-\x7f]/.test(label) ? `xn--${punycode(label)}` : label)).join(".");
  if (ascii === "" || /[\0-\x20#%/:<>?@[\\\]^|\x7f]/.test(ascii)) throw new TypeError("the host is none");
  const last = ascii.split(".").filter((part, i, parts) => part !== "" || i < parts.length - 1).at(-1);
  return /^(\d+|0x[0-9a-f]*)$/i.test(last) ? number(ascii) : ascii;
}

// The host of any other scheme.
export function opaque(text) {
  if (text.startsWith("[")) return address(text);
  if (/[\0\t\n\r #/:<>?@[\\\]^|]/.test(text)) throw new TypeError("the host is none");
  return escape(text, /[\x7f]/g);
}

function number(text) {
  const parts = text.replace(/\.$/, "").split(".");
  const values = parts.map((part) => {
    const [, digits, base] = /^0x([0-9a-f]*)$/i.test(part) ? [0, part.slice(2), 16] : /^0[0-7]+$/.test(part) ? [0, part, 8] : [0, part, 10];
    const value = digits === "" ? 0 : Number.parseInt(digits, base);
    if (part === "" || (base === 10 && !/^(0|[1-9]\d*)$/.test(part))) throw new TypeError("the address is none");
    return value;
  });
  const last = values.pop();
  if (values.length > 3 || values.some((value) => value > 255) || last >= 256 ** (4 - values.length)) throw new TypeError("the address is none");
  const whole = values.reduce((sum, value, i) => sum + value * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((bits) => Math.floor(whole / 2 ** bits) % 256).join(".");
}

function address(text) {
  const wrong = () => new TypeError("the address is none");
  if (!text.endsWith("]")) throw wrong();
  const pieces = (half) => {
    if (half === "") return [];
    return half.split(":").flatMap((piece, i, all) => {
      if (/^[0-9a-f]{1,4}$/i.test(piece)) return [Number.parseInt(piece, 16)];
      const bytes = i === all.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(piece)?.slice(1) : undefined;
      if (!bytes || bytes.some((byte) => byte > 255 || /^0\d/.test(byte))) throw wrong();
      return [bytes[0] * 256 + +bytes[1], bytes[2] * 256 + +bytes[3]];
    });
  };
  const halves = text.slice(1, -1).split("::");
  const [front, back] = [pieces(halves[0]), halves.length > 1 ? pieces(halves[1]) : []];
  const missing = 8 - front.length - back.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) throw wrong();
  const all = [...front, ...Array(missing).fill(0), ...back];
  let longest = { at: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && all[i + length] === 0) length++;
    if (length > longest.length) longest = { at: i, length };
  }
  const written = (part) => part.map((piece) => piece.toString(16)).join(":");
  if (longest.at < 0) return `[${written(all)}]`;
  return `[${written(all.slice(0, longest.at))}::${written(all.slice(longest.at + longest.length))}]`;
}

// RFC 3492.
function punycode(label) {
  const points = Array.from(label, (character) => character.codePointAt(0));
  const basic = points.filter((point) => point < 128);
  let out = basic.map((point) => String.fromCodePoint(point)).join("") + (basic.length ? "-" : "");
  let [point, delta, bias, done] = [128, 0, 72, basic.length];
  const digit = (value) => String.fromCharCode(value < 26 ? value + 97 : value + 22);
  while (done < points.length) {
    const next = Math.min(...points.filter((other) => other >= point));
    delta += (next - point) * (done + 1);
    point = next;
    for (const other of points) {
      if (other < point) delta++;
      if (other !== point) continue;
      let rest = delta;
      for (let k = 36; ; k += 36) {
        const threshold = Math.min(26, Math.max(1, k - bias));
        if (rest < threshold) break;
        out += digit(threshold + ((rest - threshold) % (36 - threshold)));
        rest = Math.floor((rest - threshold) / (36 - threshold));
      }
      out += digit(rest);
      delta = Math.floor(delta / (done === basic.length ? 700 : 2));
      delta += Math.floor(delta / (done + 1));
      let k = 0;
      for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
      bias = k + Math.floor((36 * delta) / (delta + 38));
      delta = 0;
      done++;
    }
    delta++;
    point++;
  }
  return out;
}
