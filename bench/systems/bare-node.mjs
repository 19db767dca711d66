// The least that a node can be, for the chains only: five fields, no number of its own, no checks.
// The nodes are kept in an array as they are made, and backward walks that array from its end.

import { chainFactor, chainTerm } from "../works.mjs";

class Node {
  constructor(data, op, a, b) {
    this.data = data;
    this.grad = 0;
    this.op = op;
    this.a = a;
    this.b = b;
  }
}

function chain(n) {
  const start = new Node(1, "", null, null);
  const factor = new Node(chainFactor, "", null, null);
  const term = new Node(chainTerm, "", null, null);
  const nodes = [];
  let x = start;
  for (let i = 0; i < n; i++) {
    if (i % 2 === 0) x = new Node(x.data * factor.data, "*", x, factor);
    else x = new Node(x.data + term.data, "+", x, term);
    nodes.push(x);
  }
  x.grad = 1;
  for (let i = n - 1; i >= 0; i--) {
    const { grad, op, a, b } = nodes[i];
    if (op === "*") {
      a.grad += grad * b.data;
      b.grad += grad * a.data;
    } else {
      a.grad += grad;
      b.grad += grad;
    }
  }
  return x.data + start.grad + factor.grad + term.grad;
}

export const works = {
  "chain-1e4": () => () => chain(1e4),
  "chain-1e5": () => () => chain(1e5),
  "chain-1e6": () => () => chain(1e6),
};
