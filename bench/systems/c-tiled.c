// The networks in C tiled by hand for vectors of two doubles: what can be reached with 128 bits and
// without fused multiply-add, which is what WebAssembly has. Read c.c first: the same numbers.
//
// Two examples, a pair, share a vector. A layer's values for a chunk of pairs lie in a matrix with a
// row for each neuron, and each product of matrices goes in tiles: a few rows by a few columns
// whose sums stay in registers, so that each number that is loaded serves several of them.

#include <emmintrin.h>

#include "c-program.h"

typedef __m128d Pair;
typedef int64_t Bits __attribute__((vector_size(16)));

// Pairs in a chunk, and the length of a row of each matrix: at width 16 the four matrices of 26
// pairs take 26 kB, so that they stay in a first-level cache of 32 kB. (10 to 50 are within 5%
// of each other at any width.)
#define CHUNK 26

// The loops over a tile vanish; the loop around it stays a loop: unrolled twice or four times
// it gains nothing, and unrolled 16 times a step takes a third longer.
#define UNROLL _Pragma("GCC unroll 4")

// The parameters in one array: the weights w[j * nin + i] and then the biases of layer 0, 1, 2.
// The gradient has a pair for each, summed over even and odd examples apart.
typedef struct {
  double *parameters;
  Pair *gradient;
  Pair *xs, *ys;       // for each chunk a matrix of `inputs` rows, and a row
  Pair *a, *b, *score; // the outputs of the layers for a chunk
  Pair *grad_a, *grad_b, *grad_score;
} Arrays;

INLINE Pair splat(double x) { return (Pair){x, x}; }
INLINE Pair where(Bits condition, Pair x) { return (Pair)(condition & (Bits)x); }
INLINE Pair larger(Pair a, Pair b) { return _mm_max_pd(a, b); }
INLINE Pair smaller(Pair a, Pair b) { return _mm_min_pd(a, b); }

// Loads into a register that is kept: gcc would rather load again for each use, and loads, two in
// a cycle, are what the tile of the weights' gradients waits for (2% of a step).
INLINE Pair load(const Pair *x) {
  Pair value = *x;
  __asm__("" : "+x"(value));
  return value;
}

// tanh x = (e^2x - 1) / (e^2x + 1) with 2x = k log 2 + r and, by Cephes, e^r = (q + p) / (q - p).
INLINE Pair tanh_pair(Pair x) {
  const Pair magic = splat(6755399441055744.0); // 1.5 * 2^52: adding it rounds to an integer
  Pair z = larger(smaller(x + x, splat(40)), splat(-40));
  Pair shifted = z * 1.4426950408889634 + magic;
  Pair k = shifted - magic;
  Pair r = z - k * 6.93145751953125e-1 - k * 1.42860682030941723212e-6;
  Pair power = (Pair)(((Bits)shifted << 52) + (Bits)splat(1)); // 2^k
  Pair s = r * r;
  Pair p = r * ((1.26177193074810590878e-4 * s + 3.02994407707441961300e-2) * s + 1.0);
  Pair q = ((3.00198505138664455042e-6 * s + 2.52448340349684104192e-3) * s +
            2.27265548208155028766e-1) * s + 2.0;
  Pair below = power - 1.0, above = power + 1.0;
  return (below * q + above * p) / (above * q + below * p);
}

INLINE Pair activate(Kind kind, Pair x) {
  return kind == RELU ? larger(x, splat(0)) : tanh_pair(x);
}

// grad times the activation's slope at its output y.
INLINE Pair through(Kind kind, Pair grad, Pair y) {
  if (kind == RELU) return where(y > 0.0, grad);
  return grad * (1.0 - y * y);
}

// out = f(w x + b): a tile of J outputs and P pairs.
INLINE void forward_tile(int J, int P, int nin, const double *w, const double *b, const Pair *x,
                         Pair *out, int linear, Kind kind) {
  Pair sum[4][4];
  UNROLL for (int j = 0; j < J; j++) UNROLL for (int p = 0; p < P; p++) sum[j][p] = splat(b[j]);
#pragma GCC unroll 1
  for (int i = 0; i < nin; i++) {
    UNROLL for (int j = 0; j < J; j++) {
      Pair weight = splat(w[j * nin + i]);
      UNROLL for (int p = 0; p < P; p++) sum[j][p] += weight * x[i * CHUNK + p];
    }
  }
  UNROLL for (int j = 0; j < J; j++) UNROLL for (int p = 0; p < P; p++) {
    out[j * CHUNK + p] = linear ? sum[j][p] : activate(kind, sum[j][p]);
  }
}

INLINE void forward(int nin, int nout, const double *w, const double *b, const Pair *x, Pair *out,
                    int pairs, int linear, Kind kind) {
  const int J = nout % 4 == 0 ? 4 : 1, P = nout % 4 == 0 ? 2 : 4;
  for (int j = 0; j < nout; j += J) {
    int p = 0;
    for (; p + P <= pairs; p += P) {
      forward_tile(J, P, nin, w + j * nin, b + j, x + p, out + j * CHUNK + p, linear, kind);
    }
    for (; p < pairs; p++) {
      forward_tile(J, 1, nin, w + j * nin, b + j, x + p, out + j * CHUNK + p, linear, kind);
    }
  }
}

// grad_x = w^T grad_out, times the slope at x: a tile of I inputs and P pairs.
INLINE void input_tile(int I, int P, int nin, int nout, const double *w, const Pair *grad_out,
                       const Pair *x, Pair *grad_x, Kind kind) {
  Pair sum[4][4];
  UNROLL for (int i = 0; i < I; i++) UNROLL for (int p = 0; p < P; p++) sum[i][p] = splat(0);
#pragma GCC unroll 1
  for (int j = 0; j < nout; j++) {
    UNROLL for (int i = 0; i < I; i++) {
      Pair weight = splat(w[j * nin + i]);
      UNROLL for (int p = 0; p < P; p++) sum[i][p] += weight * grad_out[j * CHUNK + p];
    }
  }
  UNROLL for (int i = 0; i < I; i++) UNROLL for (int p = 0; p < P; p++) {
    grad_x[i * CHUNK + p] = through(kind, sum[i][p], x[i * CHUNK + p]);
  }
}

INLINE void input_gradients(int nin, int nout, const double *w, const Pair *grad_out,
                            const Pair *x, Pair *grad_x, int pairs, Kind kind) {
  for (int i = 0; i < nin; i += 4) {
    int p = 0;
    for (; p + 2 <= pairs; p += 2) {
      input_tile(4, 2, nin, nout, w + i, grad_out + p, x + i * CHUNK + p, grad_x + i * CHUNK + p,
                 kind);
    }
    for (; p < pairs; p++) {
      input_tile(4, 1, nin, nout, w + i, grad_out + p, x + i * CHUNK + p, grad_x + i * CHUNK + p,
                 kind);
    }
  }
}

// grad_w += grad_out x^T: a tile of J outputs and I inputs; with `bias` also grad_b += grad_out 1.
INLINE void weight_tile(int J, int I, int bias, int nin, const Pair *grad_out, const Pair *x,
                        Pair *grad_w, Pair *grad_b, int pairs) {
  Pair sum[2][4], total[2];
  UNROLL for (int j = 0; j < J; j++) {
    UNROLL for (int i = 0; i < I; i++) sum[j][i] = splat(0);
    total[j] = splat(0);
  }
#pragma GCC unroll 1
  for (int p = 0; p < pairs; p++) {
    Pair input[4];
    UNROLL for (int i = 0; i < I; i++) input[i] = load(x + i * CHUNK + p);
    UNROLL for (int j = 0; j < J; j++) {
      Pair grad = grad_out[j * CHUNK + p];
      UNROLL for (int i = 0; i < I; i++) sum[j][i] += grad * input[i];
      if (bias) total[j] += grad;
    }
  }
  UNROLL for (int j = 0; j < J; j++) {
    UNROLL for (int i = 0; i < I; i++) grad_w[j * nin + i] += sum[j][i];
    if (bias) grad_b[j] += total[j];
  }
}

INLINE void weight_gradients(int nin, int nout, const Pair *grad_out, const Pair *x, Pair *grad_w,
                             Pair *grad_b, int pairs) {
  const int J = nout % 2 == 0 ? 2 : 1, I = nin < 4 ? nin : 4;
  for (int j = 0; j < nout; j += J) {
    const Pair *g = grad_out + j * CHUNK;
    weight_tile(J, I, 1, nin, g, x, grad_w + j * nin, grad_b + j, pairs);
    for (int i = I; i < nin; i += I) {
      weight_tile(J, I, 0, nin, g, x + i * CHUNK, grad_w + j * nin + i, NULL, pairs);
    }
  }
}

// The sum of the losses of a chunk's points, and their derivatives with respect to the scores.
// `left` points are left; if that is one, its pair is half empty.
INLINE Pair losses(Kind kind, const Pair *score, Pair *grad, const Pair *y, int pairs, int left,
                   double share) {
  Pair sum = splat(0);
  for (int p = 0; p < pairs; p++) {
    Pair loss;
    if (kind == RELU) {
      Pair margin = 1.0 - y[p] * score[p];
      loss = larger(margin, splat(0));
      grad[p] = where(margin > 0.0, y[p] * -share);
    } else {
      Pair error = score[p] - y[p];
      loss = error * error;
      grad[p] = through(kind, error * (2 * share), score[p]);
    }
    if (left - 2 * p == 1) loss[1] = grad[p][1] = 0;
    sum += loss;
  }
  return sum;
}

static double penalty(const double *parameters, int count, double alpha) {
  double squares = 0;
  for (int k = 0; k < count; k++) squares += parameters[k] * parameters[k];
  return alpha * squares;
}

// Descends and clears the gradient; returns the penalty on the parameters before it.
INLINE double update(double *parameters, Pair *gradient, int count, double alpha) {
  Pair *p = (Pair *)parameters, squares = splat(0);
  for (int k = 0; k < count; k += 2, p++) {
    Pair even = __builtin_shuffle(gradient[k], gradient[k + 1], (Bits){0, 2});
    Pair odd = __builtin_shuffle(gradient[k], gradient[k + 1], (Bits){1, 3});
    squares += *p * *p;
    *p -= RATE * (even + odd + 2 * alpha * *p);
    gradient[k] = gradient[k + 1] = splat(0);
  }
  return alpha * (squares[0] + squares[1]);
}

static void restart(Net *net) {
  Arrays *m = net->arrays;
  const double *start = net->start;
  const int n = net->width, nin[] = {net->inputs, n, n}, nout[] = {n, n, 1};
  double *w = m->parameters;
  for (int l = 0; l < 3; l++) {
    double *b = w + nin[l] * nout[l];
    for (int j = 0; j < nout[l]; j++) {
      for (int i = 0; i < nin[l]; i++) *w++ = *start++;
      b[j] = *start++;
    }
    w = b + nout[l];
  }
}

// One full gradient step of the net n0-n1-n1-1 over all points; returns the loss before it.
INLINE double step(Net *net, int n0, int n1, Kind kind, double alpha, int forward_only) {
  Arrays m = *(Arrays *)net->arrays;
  const int linear = kind == RELU; // the last layer
  if (net->repetition++ % STEPS_IN_A_RUN == 0) restart(net);
  const int b0 = n0 * n1, w1 = b0 + n1, b1 = w1 + n1 * n1, w2 = b1 + n1, b2 = w2 + n1;
  double *p = m.parameters;
  Pair *g = m.gradient, sum = splat(0);
  for (int chunk = 0, left = net->points; left > 0; chunk++, left -= 2 * CHUNK) {
    int pairs = left < 2 * CHUNK ? (left + 1) / 2 : CHUNK;
    // Otherwise gcc makes two copies of all that follows, for 26 pairs and for any number: 4% slower.
    __asm__("" : "+r"(pairs));
    const Pair *x = m.xs + chunk * n0 * CHUNK, *y = m.ys + chunk * CHUNK;
    forward(n0, n1, p, p + b0, x, m.a, pairs, 0, kind);
    forward(n1, n1, p + w1, p + b1, m.a, m.b, pairs, 0, kind);
    forward(n1, 1, p + w2, p + b2, m.b, m.score, pairs, linear, kind);
    sum += losses(kind, m.score, m.grad_score, y, pairs, left, 1.0 / net->points);
    if (forward_only) continue;
    weight_gradients(n1, 1, m.grad_score, m.b, g + w2, g + b2, pairs);
    input_gradients(n1, 1, p + w2, m.grad_score, m.b, m.grad_b, pairs, kind);
    weight_gradients(n1, n1, m.grad_b, m.a, g + w1, g + b1, pairs);
    input_gradients(n1, n1, p + w1, m.grad_b, m.a, m.grad_a, pairs, kind);
    weight_gradients(n0, n1, m.grad_a, x, g, g + b0, pairs);
  }
  double loss = (sum[0] + sum[1]) / net->points;
  return loss + (forward_only ? penalty(p, b2 + 1, alpha) : update(p, g, b2 + 1, alpha));
}

#define RELU_STEP(w)                                                                          \
  static double relu_step_##w(Net *net) { return step(net, 2, w, RELU, ALPHA, 0); }
FOR_EACH_WIDTH(RELU_STEP)

static double relu_loss_16(Net *net) { return step(net, 2, 16, RELU, ALPHA, 1); }
static double tanh_step_4(Net *net) { return step(net, 3, 4, TANH, 0, 0); }

static Pair *zeros(int count) {
  Pair *pairs = aligned_alloc(64, (count * sizeof(Pair) + 63) / 64 * 64);
  memset(pairs, 0, count * sizeof(Pair));
  return pairs;
}

static void prepare(Net *net) {
  int n0 = net->inputs, n1 = net->width;
  Arrays *m = net->arrays = calloc(1, sizeof(Arrays));
  int count = n1 * (n0 + 1) + n1 * (n1 + 1) + n1 + 1;
  int chunks = (net->points + 2 * CHUNK - 1) / (2 * CHUNK);
  m->parameters = (double *)zeros(count);
  m->gradient = zeros(count + 1);
  m->xs = zeros(chunks * n0 * CHUNK);
  m->ys = zeros(chunks * CHUNK);
  m->a = zeros(n1 * CHUNK);
  m->b = zeros(n1 * CHUNK);
  m->score = zeros(CHUNK);
  m->grad_a = zeros(n1 * CHUNK);
  m->grad_b = zeros(n1 * CHUNK);
  m->grad_score = zeros(CHUNK);
  for (int n = 0; n < net->points; n++) {
    int chunk = n / (2 * CHUNK), p = n / 2 % CHUNK;
    for (int i = 0; i < n0; i++) m->xs[(chunk * n0 + i) * CHUNK + p][n % 2] = net->xs[n * n0 + i];
    m->ys[chunk * CHUNK + p][n % 2] = net->ys[n];
  }
#define CHOOSE(w) if (n1 == w) net->step = relu_step_##w;
  FOR_EACH_WIDTH(CHOOSE)
  if (net->forward_only) net->step = relu_loss_16;
  if (net->kind == TANH) net->step = tanh_step_4;
}

int main(int argc, char **argv) { return argc < 2 ? 1 : answer(argv[1]); }
