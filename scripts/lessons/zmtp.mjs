// The part of ZeroMQ's wire protocol (ZMTP 3.0, rfc.zeromq.org/spec/23) that a Jupyter client
// needs: to connect a DEALER or a SUB socket over TCP, send and receive messages of several frames.
// Nothing to read first.

import { connect } from "node:net";

const MORE = 1; // another frame of the same message follows
const LONG = 2; // the length takes 8 bytes instead of 1
const COMMAND = 4; // for the protocol itself
const GREETING = 64; // bytes

/** A connection to one port of this machine. */
export class Socket {
  #tcp;
  /** @type {() => void} */
  #onReady = () => {};

  /**
   * @param {import("node:net").Socket} tcp
   * @param {"DEALER" | "SUB"} type
   * @param {(frames: Buffer[]) => void} onMessage
   */
  constructor(tcp, type, onMessage) {
    this.#tcp = tcp;
    tcp.setNoDelay(true);
    tcp.write(greeting());
    const splitter = new Splitter((_bytes, frames, flags) => {
      if (frames.length === 0)
        tcp.write(encode(ready(type), COMMAND)); // greeted
      else if ((flags & COMMAND) === 0) onMessage(frames);
      else if (frames[0].subarray(1, 6).toString() === "READY") this.#onReady();
    });
    tcp.on("data", (data) => splitter.take(Buffer.from(data)));
  }

  /**
   * Connects to a port of this machine that somebody listens on.
   * @param {number} port
   * @param {"DEALER" | "SUB"} type SUB receives all messages there are
   * @param {(frames: Buffer[]) => void} onMessage
   * @returns {Promise<Socket>} when both sides have shaken hands
   */
  static open(port, type, onMessage) {
    return new Promise((resolve, reject) => {
      const tcp = connect(port, "127.0.0.1");
      tcp.on("error", reject);
      tcp.on("close", () => reject(new Error(`port ${port} closed the connection`)));
      tcp.on("connect", () => {
        const socket = new Socket(tcp, type, onMessage);
        socket.#onReady = () => {
          if (type === "SUB") socket.send([Buffer.from([1])]); // subscribe to everything
          resolve(socket);
        };
      });
    });
  }

  /** @param {(Buffer | string)[]} frames */
  send(frames) {
    this.#tcp.write(encodeMessage(frames));
  }

  close() {
    this.#tcp.destroy();
  }
}

/** Cuts what comes over a connection into messages. */
export class Splitter {
  /** What came and is not a whole frame yet. */
  #rest = Buffer.alloc(0);
  /** @type {Buffer[]} what came after that */
  #more = [];
  #missing = GREETING; // how many bytes must come until there is something to do
  #greeted = false;
  /** @type {Buffer[]} the message that is not complete yet: its frames, and its bytes */
  #frames = [];
  /** @type {Buffer[]} */
  #bytes = [];
  #onMessage;

  /**
   * @param {(bytes: Buffer, frames: Buffer[], flags: number) => void} onMessage called with each
   *   message as it came, its frames, and the flags of the last; the greeting has no frames
   */
  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  /** @param {Buffer} data */
  take(data) {
    this.#more.push(data);
    this.#missing -= data.length;
    if (this.#missing > 0) return; // a large frame comes in many pieces, which are joined once
    this.#rest = Buffer.concat([this.#rest, ...this.#more]);
    this.#more = [];
    if (!this.#greeted) {
      this.#greeted = true;
      this.#onMessage(this.#cut(GREETING), [], 0);
    }
    for (;;) {
      const frame = decode(this.#rest);
      this.#missing = frame.size - this.#rest.length;
      if (frame.body === undefined) return;
      this.#frames.push(frame.body);
      this.#bytes.push(this.#cut(frame.size));
      if ((frame.flags & MORE) !== 0) continue;
      const [bytes, frames] = [Buffer.concat(this.#bytes), this.#frames];
      this.#bytes = [];
      this.#frames = [];
      this.#onMessage(bytes, frames, frame.flags);
    }
  }

  /** @param {number} size */
  #cut(size) {
    const start = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return start;
  }
}

//     FF 00 00 00 00 00 00 00 00 7F | 03 00   | "NULL", filled up to 20 | as-server, filler
//     signature                     | version | security mechanism      | 32 times 0
//
function greeting() {
  const bytes = Buffer.alloc(GREETING);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write("NULL", 12);
  return bytes;
}

/** @param {string} type */
function ready(type) {
  const name = (/** @type {string} */ text) => [Buffer.from([text.length]), Buffer.from(text)];
  const value = Buffer.alloc(4);
  value.writeUInt32BE(type.length);
  return Buffer.concat([...name("READY"), ...name("Socket-Type"), value, Buffer.from(type)]);
}

/**
 * The bytes of a message.
 * @param {(Buffer | string)[]} frames
 */
export function encodeMessage(frames) {
  const last = frames.length - 1;
  return Buffer.concat(frames.map((frame, i) => encode(Buffer.from(frame), i < last ? MORE : 0)));
}

/**
 * @param {Buffer} body
 * @param {number} flags
 */
function encode(body, flags) {
  if (body.length < 256) return Buffer.concat([Buffer.from([flags, body.length]), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | LONG;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/**
 * The first frame, and how many bytes it takes: without its body while some of that is missing, and
 * with as many bytes as must come until more is known.
 * @param {Buffer} bytes
 */
function decode(bytes) {
  const flags = bytes[0] ?? 0;
  const start = (flags & LONG) === 0 ? 2 : 9;
  if (bytes.length < start) return { flags, size: start };
  const size = start + (start === 2 ? bytes[1] : Number(bytes.readBigUInt64BE(1)));
  return { flags, size, body: bytes.length < size ? undefined : bytes.subarray(start, size) };
}
