/**
 * A WebAssembly module as data: functions are lists of instructions under the names of the
 * specification, which can be encoded as bytes for the machine; wat.ts prints them for people.
 * Nothing needs to be read before; https://webassembly.github.io/spec/core is the source.
 */

/** The types of WebAssembly that are used here; v128 holds two numbers side by side. */
export type ValueType = "i32" | "i64" | "f64" | "v128";

const typeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f64: 0x7c,
  v128: 0x7b,
};

/** What stands behind the name of an instruction: a number, a name, the lanes of a shuffle. */
export type Immediate = number | bigint | string;

/** An instruction such as `["local.get", 3]`; `[";;", "text"]` is a comment. */
export type Instruction = readonly [name: string, ...immediates: Immediate[]];

/**
 * The kinds of immediates: an index of a local; the name of a function or a global; how many
 * blocks outwards to branch; the type that a block leaves; a constant, or one for both lanes; where
 * in memory (`memory16` is aligned to 16 bytes and so on), and with a lane; a lane; the 16 bytes of
 * a shuffle.
 */
type Form =
  | "none"
  | "local"
  | "function"
  | "global"
  | "label"
  | "block"
  | "i32"
  | "i64"
  | "f64"
  | "f64 twice"
  | "memory4"
  | "memory8"
  | "memory16"
  | "memory8 lane"
  | "lane"
  | "lanes";

/** Opcodes of the instructions in use, in the order of the specification. */
export const opcodes: Readonly<Record<string, readonly [opcode: readonly number[], form: Form]>> = {
  block: [[0x02], "block"],
  loop: [[0x03], "block"],
  if: [[0x04], "block"],
  else: [[0x05], "none"],
  end: [[0x0b], "none"],
  br: [[0x0c], "label"],
  br_if: [[0x0d], "label"],
  return: [[0x0f], "none"],
  call: [[0x10], "function"],
  drop: [[0x1a], "none"],
  select: [[0x1b], "none"],
  unreachable: [[0x00], "none"],
  "local.get": [[0x20], "local"],
  "local.set": [[0x21], "local"],
  "local.tee": [[0x22], "local"],
  "global.get": [[0x23], "global"],
  "global.set": [[0x24], "global"],
  "i32.load": [[0x28], "memory4"],
  "i64.load": [[0x29], "memory8"],
  "f64.load": [[0x2b], "memory8"],
  "i32.store": [[0x36], "memory4"],
  "i64.store": [[0x37], "memory8"],
  "f64.store": [[0x39], "memory8"],
  "memory.fill": [[0xfc, 0x0b, 0x00], "none"],
  "memory.copy": [[0xfc, 0x0a, 0x00, 0x00], "none"],
  "i32.const": [[0x41], "i32"],
  "i64.const": [[0x42], "i64"],
  "f64.const": [[0x44], "f64"],
  "i32.eqz": [[0x45], "none"],
  "i32.eq": [[0x46], "none"],
  "i32.ne": [[0x47], "none"],
  "i32.lt_s": [[0x48], "none"],
  "i32.lt_u": [[0x49], "none"],
  "i32.gt_s": [[0x4a], "none"],
  "i32.gt_u": [[0x4b], "none"],
  "i32.le_s": [[0x4c], "none"],
  "i32.le_u": [[0x4d], "none"],
  "i32.ge_s": [[0x4e], "none"],
  "i32.ge_u": [[0x4f], "none"],
  "f64.eq": [[0x61], "none"],
  "f64.ne": [[0x62], "none"],
  "f64.lt": [[0x63], "none"],
  "f64.gt": [[0x64], "none"],
  "f64.le": [[0x65], "none"],
  "f64.ge": [[0x66], "none"],
  "i32.add": [[0x6a], "none"],
  "i32.sub": [[0x6b], "none"],
  "i32.mul": [[0x6c], "none"],
  "i32.div_s": [[0x6d], "none"],
  "i32.div_u": [[0x6e], "none"],
  "i32.rem_u": [[0x70], "none"],
  "i32.and": [[0x71], "none"],
  "i32.or": [[0x72], "none"],
  "i32.xor": [[0x73], "none"],
  "i32.shl": [[0x74], "none"],
  "i32.shr_s": [[0x75], "none"],
  "i32.shr_u": [[0x76], "none"],
  "i64.add": [[0x7c], "none"],
  "i64.sub": [[0x7d], "none"],
  "i64.and": [[0x83], "none"],
  "i64.or": [[0x84], "none"],
  "i64.shl": [[0x86], "none"],
  "i64.shr_s": [[0x87], "none"],
  "i64.shr_u": [[0x88], "none"],
  "f64.abs": [[0x99], "none"],
  "f64.neg": [[0x9a], "none"],
  "f64.floor": [[0x9c], "none"],
  "f64.sqrt": [[0x9f], "none"],
  "f64.add": [[0xa0], "none"],
  "f64.sub": [[0xa1], "none"],
  "f64.mul": [[0xa2], "none"],
  "f64.div": [[0xa3], "none"],
  "f64.min": [[0xa4], "none"],
  "f64.max": [[0xa5], "none"],
  "i32.wrap_i64": [[0xa7], "none"],
  "i32.trunc_f64_s": [[0xaa], "none"],
  "i64.extend_i32_s": [[0xac], "none"],
  "i64.extend_i32_u": [[0xad], "none"],
  "i64.trunc_f64_s": [[0xb0], "none"],
  "f64.convert_i32_s": [[0xb7], "none"],
  "f64.convert_i32_u": [[0xb8], "none"],
  "f64.convert_i64_s": [[0xb9], "none"],
  "i64.reinterpret_f64": [[0xbd], "none"],
  "f64.reinterpret_i64": [[0xbf], "none"],
  "v128.load": [[0xfd, 0x00], "memory16"],
  "v128.load64_splat": [[0xfd, 0x0a], "memory8"],
  "v128.store": [[0xfd, 0x0b], "memory16"],
  "v128.const": [[0xfd, 0x0c], "f64 twice"],
  "i8x16.shuffle": [[0xfd, 0x0d], "lanes"],
  "i64x2.splat": [[0xfd, 0x12], "none"],
  "f64x2.splat": [[0xfd, 0x14], "none"],
  "i64x2.extract_lane": [[0xfd, 0x1d], "lane"],
  "f64x2.extract_lane": [[0xfd, 0x21], "lane"],
  "f64x2.replace_lane": [[0xfd, 0x22], "lane"],
  "f64x2.eq": [[0xfd, 0x47], "none"],
  "f64x2.ne": [[0xfd, 0x48], "none"],
  "f64x2.lt": [[0xfd, 0x49], "none"],
  "f64x2.gt": [[0xfd, 0x4a], "none"],
  "f64x2.le": [[0xfd, 0x4b], "none"],
  "f64x2.ge": [[0xfd, 0x4c], "none"],
  "v128.not": [[0xfd, 0x4d], "none"],
  "v128.and": [[0xfd, 0x4e], "none"],
  "v128.andnot": [[0xfd, 0x4f], "none"],
  "v128.or": [[0xfd, 0x50], "none"],
  "v128.xor": [[0xfd, 0x51], "none"],
  "v128.bitselect": [[0xfd, 0x52], "none"],
  "v128.any_true": [[0xfd, 0x53], "none"],
  "v128.load64_lane": [[0xfd, 0x57], "memory8 lane"],
  "v128.store64_lane": [[0xfd, 0x5b], "memory8 lane"],
  "f64x2.floor": [[0xfd, 0x75], "none"],
  "i64x2.shl": [[0xfd, 0xcb, 0x01], "none"],
  "i64x2.shr_s": [[0xfd, 0xcc, 0x01], "none"],
  "i64x2.shr_u": [[0xfd, 0xcd, 0x01], "none"],
  "i64x2.add": [[0xfd, 0xce, 0x01], "none"],
  "i64x2.sub": [[0xfd, 0xd1, 0x01], "none"],
  "f64x2.abs": [[0xfd, 0xec, 0x01], "none"],
  "f64x2.neg": [[0xfd, 0xed, 0x01], "none"],
  "f64x2.sqrt": [[0xfd, 0xef, 0x01], "none"],
  "f64x2.add": [[0xfd, 0xf0, 0x01], "none"],
  "f64x2.sub": [[0xfd, 0xf1, 0x01], "none"],
  "f64x2.mul": [[0xfd, 0xf2, 0x01], "none"],
  "f64x2.div": [[0xfd, 0xf3, 0x01], "none"],
  "f64x2.min": [[0xfd, 0xf4, 0x01], "none"],
  "f64x2.max": [[0xfd, 0xf5, 0x01], "none"],
  "f64x2.relaxed_madd": [[0xfd, 0x87, 0x02], "none"],
  "f64x2.relaxed_nmadd": [[0xfd, 0x88, 0x02], "none"],
  "memory.atomic.notify": [[0xfe, 0x00], "memory4"],
  "memory.atomic.wait32": [[0xfe, 0x01], "memory4"],
  "i32.atomic.load": [[0xfe, 0x10], "memory4"],
  "i32.atomic.store": [[0xfe, 0x17], "memory4"],
  "i32.atomic.rmw.add": [[0xfe, 0x1e], "memory4"],
};

/** A parameter or a local variable: its type, and the name that the text shows. */
export interface Local {
  readonly type: ValueType;
  readonly name: string;
}

/** A function under construction. */
export class WasmFunction {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly results: readonly ValueType[];
  /** What it does: a sentence, shown in the text. */
  about = "";
  readonly locals: Local[] = [];
  readonly body: Instruction[] = [];

  constructor(name: string, parameters: readonly Local[] = [], results: readonly ValueType[] = []) {
    this.name = name;
    this.parameters = parameters;
    this.results = results;
  }

  /** Declares a local variable and returns its index, which follows those of the parameters. */
  local(type: ValueType, name = ""): number {
    this.locals.push({ type, name });
    return this.parameters.length + this.locals.length - 1;
  }

  /** Adds an instruction. */
  emit(name: string, ...immediates: Immediate[]): this {
    this.body.push([name, ...immediates]);
    return this;
  }

  // Most instructions are one of the next three: they take the shortest way.
  get(local: number): this {
    this.body.push(["local.get", local]);
    return this;
  }

  set(local: number): this {
    this.body.push(["local.set", local]);
    return this;
  }

  tee(local: number): this {
    return this.emit("local.tee", local);
  }

  i32(x: number): this {
    this.body.push(["i32.const", x]);
    return this;
  }

  f64(x: number): this {
    return this.emit("f64.const", x);
  }

  comment(text: string): this {
    return this.emit(";;", text);
  }
}

/** A variable of the module. */
export interface Global {
  readonly name: string;
  readonly type: "i32" | "f64" | "v128";
  /** Its value before anything runs; of v128, that of both lanes. */
  readonly start: number;
  /** Does it never change? Then the machine may keep it at hand. */
  readonly constant?: boolean;
}

/** A function that the module is given. */
export interface Import {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A module; it imports its memory as `env.memory`, and `imports` from `env` too. */
export interface Module {
  readonly functions: readonly WasmFunction[];
  readonly imports?: readonly Import[];
  readonly globals?: readonly Global[];
  /** The names of the functions that are seen from outside. */
  readonly exports: readonly string[];
  /** Is the memory shared between workers? Then its largest size in pages has to be known. */
  readonly shared?: { readonly pages: number };
}

// ---- Bytes -----------------------------------------------------------------------------------

/** A list of bytes that grows. */
class Bytes {
  #array = new Uint8Array(8192);
  #view = new DataView(this.#array.buffer);
  length = 0;

  #room(count: number): void {
    if (this.length + count <= this.#array.length) return;
    const longer = new Uint8Array(Math.max(2 * this.#array.length, this.length + count));
    longer.set(this.#array.subarray(0, this.length));
    this.#array = longer;
    this.#view = new DataView(longer.buffer);
  }

  byte(x: number): void {
    this.#room(1);
    this.#array[this.length++] = x;
  }

  bytes(xs: readonly number[]): void {
    for (const x of xs) this.byte(x);
  }

  /** A whole number from 0 in LEB128: seven bits a byte, low ones first. */
  unsigned(x: number): void {
    for (; x >= 128; x = Math.floor(x / 128)) this.byte((x % 128) + 128);
    this.byte(x);
  }

  /** The same with a sign, for constants of 32 bits. */
  signed(x: number): void {
    let rest = x;
    while (rest < -64 || rest >= 64) {
      this.byte((rest & 127) + 128);
      rest >>= 7;
    }
    this.byte(rest & 127);
  }

  /** The same for constants of 64 bits. */
  signed64(x: bigint): void {
    let rest = x;
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      const last = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
      this.byte(last ? low : low + 128);
      if (last) return;
    }
  }

  f64(x: number): void {
    this.#room(8);
    this.#view.setFloat64(this.length, x, true);
    this.length += 8;
  }

  text(x: string): void {
    const encoded = Array.from(x, (character) => character.charCodeAt(0)); // names are ASCII
    this.unsigned(encoded.length);
    this.bytes(encoded);
  }

  /** What `write` writes, after its length: that is known last, and what was written makes room. */
  sized(write: () => void): void {
    const start = this.length;
    write();
    const end = this.length;
    this.unsigned(end - start); // takes as many bytes there as it will take before
    const bytes = this.length - end;
    this.length = start;
    this.#array.copyWithin(start + bytes, start, end);
    this.unsigned(end - start);
    this.length = end + bytes;
  }

  /** A count and then each thing. */
  list<T>(things: readonly T[], write: (thing: T) => void): void {
    this.unsigned(things.length);
    for (const thing of things) write(thing);
  }

  toArray(): Uint8Array<ArrayBuffer> {
    return this.#array.slice(0, this.length);
  }
}

/** The bytes of a module. */
export function encode(module: Module): Uint8Array<ArrayBuffer> {
  const { functions, imports = [], globals = [], exports, shared } = module;
  const functionIndex = new Map<string, number>();
  for (const { name } of [...imports, ...functions]) functionIndex.set(name, functionIndex.size);
  const globalIndex = new Map(globals.map(({ name }, i) => [name, i]));
  const bytes = new Bytes();
  const section = (id: number, write: () => void) => {
    bytes.byte(id);
    bytes.sized(write);
  };
  const types = (list: readonly ValueType[]) =>
    bytes.list(list, (type) => bytes.byte(typeBytes[type]));

  bytes.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  // Types, each once: what functions take and give.
  const signatures = [
    ...imports,
    ...functions.map(({ parameters, results }) => ({
      parameters: parameters.map(({ type }) => type),
      results,
    })),
  ];
  const keys = signatures.map(({ parameters, results }) => `${parameters} ${results}`);
  const typeIndex = new Map([...new Set(keys)].map((key, i) => [key, i]));
  const typeOf = (i: number) => typeIndex.get(keys[i])!; // made of these keys
  section(1, () =>
    bytes.list([...typeIndex.keys()], (key) => {
      const { parameters, results } = signatures[keys.indexOf(key)];
      bytes.byte(0x60);
      types(parameters);
      types(results);
    }),
  );
  section(2, () => {
    bytes.unsigned(1 + imports.length);
    bytes.text("env");
    bytes.text("memory");
    bytes.byte(0x02);
    bytes.byte(shared === undefined ? 0x00 : 0x03);
    bytes.unsigned(1);
    if (shared !== undefined) bytes.unsigned(shared.pages);
    imports.forEach(({ name }, i) => {
      bytes.text("env");
      bytes.text(name);
      bytes.byte(0x00);
      bytes.unsigned(typeOf(i));
    });
  });
  section(3, () => {
    bytes.unsigned(functions.length);
    for (const i of functions.keys()) bytes.unsigned(typeOf(imports.length + i));
  });
  if (globals.length > 0) {
    section(6, () =>
      bytes.list(globals, ({ type, start, constant = false }) => {
        bytes.byte(typeBytes[type]);
        bytes.byte(constant ? 0x00 : 0x01);
        encodeInstruction(bytes, [`${type}.const`, start], functionIndex, globalIndex);
        bytes.byte(0x0b);
      }),
    );
  }
  section(7, () =>
    bytes.list(exports, (name) => {
      bytes.text(name);
      bytes.byte(0x00);
      bytes.unsigned(functionIndex.get(name)!); // only functions of the module are exported
    }),
  );
  section(10, () =>
    bytes.list(functions, ({ locals, body }) =>
      bytes.sized(() => {
        const groups = runs(locals.map(({ type }) => type));
        bytes.list(groups, ([type, count]) => {
          bytes.unsigned(count);
          bytes.byte(typeBytes[type]);
        });
        for (const instruction of body) {
          encodeInstruction(bytes, instruction, functionIndex, globalIndex);
        }
        bytes.byte(0x0b);
      }),
    ),
  );
  return bytes.toArray();
}

/** Equal neighbours, each with how many there are. */
function runs<T>(things: readonly T[]): [thing: T, count: number][] {
  const found: [T, number][] = [];
  for (const thing of things) {
    const last = found.at(-1);
    if (last !== undefined && last[0] === thing) last[1] += 1;
    else found.push([thing, 1]);
  }
  return found;
}

function encodeInstruction(
  bytes: Bytes,
  instruction: Instruction,
  functions: ReadonlyMap<string, number>,
  globals: ReadonlyMap<string, number>,
): void {
  const name = instruction[0];
  if (name === ";;") return;
  const row = opcodes[name];
  if (row === undefined) throw new Error(`encode: expected a known instruction, got ${name}`);
  const opcode = row[0];
  const form = row[1];
  const first = instruction[1];
  bytes.bytes(opcode);
  switch (form) {
    case "none":
      return;
    case "local":
    case "label":
      bytes.unsigned(first as number);
      break;
    case "function":
    case "global": {
      const index = (form === "function" ? functions : globals).get(first as string);
      if (index === undefined) throw new Error(`encode: expected a known ${form}, got ${first}`);
      bytes.unsigned(index);
      break;
    }
    case "block":
      bytes.byte(first === undefined ? 0x40 : typeBytes[first as ValueType]);
      break;
    case "i32":
      bytes.signed((first as number) | 0);
      break;
    case "i64":
      bytes.signed64(BigInt.asIntN(64, BigInt(first)));
      break;
    case "f64":
      bytes.f64(first as number);
      break;
    case "f64 twice":
      bytes.f64(first as number);
      bytes.f64(first as number);
      break;
    case "lane":
      bytes.byte(first as number);
      break;
    case "lanes":
      bytes.bytes(instruction.slice(1) as number[]);
      break;
    default: {
      // Memory: log2 of the alignment, then the offset, then perhaps the lane.
      const align = form.startsWith("memory16") ? 4 : form.startsWith("memory8") ? 3 : 2;
      bytes.unsigned(align);
      bytes.unsigned((first as number | undefined) ?? 0);
      if (form === "memory8 lane") bytes.byte(instruction[2] as number);
    }
  }
}
