// Labels that have broken drawing programs: each of them must come out as one node with that text.

/** A label, and the text that a picture of it has. */
export interface HostileLabel {
  readonly name: string;
  readonly label: string;
  /** The text in a picture: the label itself, apart from what cannot be seen or is too long. */
  readonly shown: string;
}

const same = (name: string, label: string): HostileLabel => ({ name, label, shown: label });

export const hostileLabels: readonly HostileLabel[] = [
  same("quotes", `say "a" or 'b'`),
  same("a quote to break out with", `"]; evil [label="`),
  same("braces", "{a}{{b}"),
  same("pipes", "a|b||c"),
  same("angle brackets", "<port> a < b > c"),
  same("backslashes", "\\a\\\\b\\"),
  same("Graphviz's own escapes", "\\N \\G \\L \\n \\l \\r \\T"),
  same("HTML-like text", "<b>bold</b><br/>"),
  same("a script", "</text></svg><script>alert(1)</script>"),
  same("entities", "&amp; &lt; &#65; &quot; &nbsp"),
  same("the ends of XML's sections", "]]> --> <!-- <![CDATA[ ?>"),
  { name: "newlines and tabs", label: "a\nb\r\nc\td", shown: "a␊b␍␊c␉d" },
  { name: "control characters", label: "a\0b\u001b[31mc\u007fd\u009be", shown: "a␀b␛[31mc␡d�e" },
  { name: "lone surrogates", label: "a\ud800b\udc00c", shown: "a�b�c" },
  {
    name: "turned writing direction",
    label: "a\u202eb\u2066c\u200fd",
    shown: "a�b�c�d",
  },
  same("emoji and other scripts", "🧠👩‍🔬 é 漢字 שלום ∂L/∂w"),
  { name: "nothing", label: "", shown: "" },
  { name: "spaces", label: "  a   b ", shown: "\u00a0 a\u00a0\u00a0 b\u00a0" },
  { name: "what XML cannot hold", label: "a\uffffb\ufffec\u2028d\ufeffe", shown: "a�b�c�d�e" },
  { name: "a million characters", label: "x".repeat(1_000_000), shown: `${"x".repeat(39)}…` },
  { name: "a million emoji", label: "🧠".repeat(1_000_000), shown: `${"🧠".repeat(39)}…` },
  same("names of prototypes", "__proto__ constructor"),
  same("formats of other languages", "%s $(a) $& %n {{a}} `a`"),
];
