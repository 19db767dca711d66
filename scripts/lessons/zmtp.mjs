// The part of ZeroMQ's wire protocol (ZMTP 3.0, rfc.zeromq.org/spec/23) that a Jupyter client
// needs: to connect a DEALER or a SUB socket over TCP, send and receive messages of several frames.
// Nothing to read first.

import { connect } from "node:net";

const MORE = 1; // another frame of the same message follows
const LONG = 2; // the length takes 8 bytes instead of 1
const COMMAND = 4; // for the protocol itself

/** A connection to one port of this machine. */
export class Socket {
  /** @type {import("node:net").Socket} */
  #tcp;
  /** What came and was not understood yet. */
  #received = Buffer.alloc(0);
  #greeted = false;
  /** @type {Buffer[]} the frames of a message that is not complete yet */
  #frames = [];
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
    tcp.on("data", (data) => this.#take(Buffer.from(data), type, onMessage));
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
    const last = frames.length - 1;
    for (const [i, frame] of frames.entries()) {
      this.#tcp.write(encode(Buffer.from(frame), i < last ? MORE : 0));
    }
  }

  close() {
    this.#tcp.destroy();
  }

  /**
   * @param {Buffer} data
   * @param {string} type
   * @param {(frames: Buffer[]) => void} onMessage
   */
  #take(data, type, onMessage) {
    this.#received = Buffer.concat([this.#received, data]);
    if (!this.#greeted) {
      if (this.#received.length < GREETING) return;
      this.#received = this.#received.subarray(GREETING);
      this.#greeted = true;
      this.#tcp.write(encode(ready(type), COMMAND));
    }
    for (;;) {
      const frame = decode(this.#received);
      if (frame === undefined) return;
      this.#received = this.#received.subarray(frame.size);
      if ((frame.flags & COMMAND) !== 0) {
        if (frame.body.subarray(1, 6).toString() === "READY") this.#onReady();
        continue;
      }
      this.#frames.push(frame.body);
      if ((frame.flags & MORE) !== 0) continue;
      const message = this.#frames;
      this.#frames = [];
      onMessage(message);
    }
  }
}

const GREETING = 64;

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
 * The first frame, and how many bytes it takes; undefined while some of it is missing.
 * @param {Buffer} bytes
 */
function decode(bytes) {
  if (bytes.length < 2) return undefined;
  const flags = bytes[0];
  const long = (flags & LONG) !== 0;
  if (long && bytes.length < 9) return undefined;
  const start = long ? 9 : 2;
  const size = start + (long ? Number(bytes.readBigUInt64BE(1)) : bytes[1]);
  if (bytes.length < size) return undefined;
  return { flags, body: bytes.subarray(start, size), size };
}
