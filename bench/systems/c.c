// The networks as a C programmer would write them by hand: plain loops over arrays of doubles, one
// example after the other. Read c-program.h first.
//
// What makes plain loops fast: the sizes are constants, the calls are inlined, and the values of a
// layer lie in local arrays, so that the compiler knows that nothing else can change them. From
// width WIDE on, forward runs over a transposed copy of the weights; see there.

#include "c-program.h"

#define WIDE 32

typedef struct {
  double *w, *b; // w[j * nin + i], b[j]
  double *grad_w, *grad_b;
  double *transposed; // w again, as transposed[i * nout + j]
} Layer;

typedef double (*Function)(double);

static double relu(double x) { return x > 0 ? x : 0; }
static double relu_slope(double y) { return y > 0 ? 1 : 0; }
static double tanh_slope(double y) { return 1 - y * y; }
static double linear(double x) { return x; }
static double linear_slope(double y) { (void)y; return 1; }

// The sum over i is one chain of additions whose order the compiler must keep. In narrow layers the
// processor works on the chains of several j at once. In wide ones it cannot look that far ahead,
// and it pays to sum all j side by side, in vectors; for that the weights must lie that way.
INLINE void forward(const Layer *l, int nin, int nout, const double *x, double *out, Function f) {
  if (nin >= WIDE && nout >= WIDE) {
    double sum[nout];
    for (int j = 0; j < nout; j++) sum[j] = l->b[j];
    for (int i = 0; i < nin; i++) {
      for (int j = 0; j < nout; j++) sum[j] += l->transposed[i * nout + j] * x[i];
    }
    for (int j = 0; j < nout; j++) out[j] = f(sum[j]);
  } else {
    for (int j = 0; j < nout; j++) {
      const double *w = l->w + j * nin;
      double sum = l->b[j];
      for (int i = 0; i < nin; i++) sum += w[i] * x[i];
      out[j] = f(sum);
    }
  }
}

static void transpose(Layer *l, int nin, int nout) {
  for (int j = 0; j < nout; j++) {
    for (int i = 0; i < nin; i++) l->transposed[i * nout + j] = l->w[j * nin + i];
  }
}

INLINE void backward(Layer *l, int nin, int nout, const double *x, double *grad_x,
                     const double *out, const double *grad_out, Function slope) {
  if (grad_x) for (int i = 0; i < nin; i++) grad_x[i] = 0;
  for (int j = 0; j < nout; j++) {
    const double *restrict w = l->w + j * nin;
    double *restrict grad_w = l->grad_w + j * nin;
    double grad = grad_out[j] * slope(out[j]);
    for (int i = 0; i < nin; i++) grad_w[i] += grad * x[i];
    l->grad_b[j] += grad;
    if (grad_x) for (int i = 0; i < nin; i++) grad_x[i] += grad * w[i];
  }
}

static double update(double *restrict p, double *restrict grad, int n, double alpha) {
  double loss = 0;
  for (int k = 0; k < n; k++) {
    loss += alpha * p[k] * p[k];
    p[k] -= RATE * (grad[k] + 2 * alpha * p[k]);
    grad[k] = 0;
  }
  return loss;
}

static double squares(const double *p, int n) {
  double sum = 0;
  for (int k = 0; k < n; k++) sum += p[k] * p[k];
  return sum;
}

// Puts the starting weights back: each neuron's weights and then its bias.
static void restart(Layer *layer, int nin, int nout, const double **start) {
  for (int j = 0; j < nout; j++) {
    for (int i = 0; i < nin; i++) layer->w[j * nin + i] = *(*start)++;
    layer->b[j] = *(*start)++;
  }
}

// A point's loss, and in *slope its derivative with respect to the score.
INLINE double hinge(double score, double y, double *slope) {
  double margin = 1 - y * score;
  *slope = margin > 0 ? -y : 0;
  return margin > 0 ? margin : 0;
}

INLINE double squared(double score, double y, double *slope) {
  *slope = 2 * (score - y);
  return (score - y) * (score - y);
}

// One full gradient step of the net n0-n1-n1-1 over all points; returns the loss before it.
INLINE double step(Net *net, int n0, int n1, Function hidden, Function hidden_slope,
                   Function output, Function output_slope,
                   double (*point_loss)(double, double, double *), double alpha,
                   int forward_only) {
  Layer *layers = net->arrays, *a = &layers[0], *b = &layers[1], *c = &layers[2];
  const int nin[] = {n0, n1, n1}, nout[] = {n1, n1, 1};
  double out_a[n1], out_b[n1], score, grad_a[n1], grad_b[n1], slope, loss = 0;
  if (net->repetition++ % STEPS_IN_A_RUN == 0) {
    const double *start = net->start;
    for (int l = 0; l < 3; l++) restart(&layers[l], nin[l], nout[l], &start);
  }
  if (n1 >= WIDE) transpose(b, n1, n1);
  for (int n = 0; n < net->points; n++) {
    const double *x = net->xs + n * n0;
    forward(a, n0, n1, x, out_a, hidden);
    forward(b, n1, n1, out_a, out_b, hidden);
    forward(c, n1, 1, out_b, &score, output);
    loss += point_loss(score, net->ys[n], &slope);
    if (forward_only) continue;
    slope /= net->points;
    backward(c, n1, 1, out_b, grad_b, &score, &slope, output_slope);
    backward(b, n1, n1, out_a, grad_a, out_b, grad_b, hidden_slope);
    backward(a, n0, n1, x, NULL, out_a, grad_a, hidden_slope);
  }
  loss /= net->points;
  for (int l = 0; l < 3; l++) {
    Layer *layer = &layers[l];
    int count = nin[l] * nout[l];
    if (forward_only) {
      loss += alpha * (squares(layer->w, count) + squares(layer->b, nout[l]));
    } else {
      loss += update(layer->w, layer->grad_w, count, alpha);
      loss += update(layer->b, layer->grad_b, nout[l], alpha);
    }
  }
  return loss;
}

#define RELU_STEP(w)                                                                          \
  static double relu_step_##w(Net *net) {                                                     \
    return step(net, 2, w, relu, relu_slope, linear, linear_slope, hinge, ALPHA, 0);          \
  }
FOR_EACH_WIDTH(RELU_STEP)

static double relu_loss_16(Net *net) {
  return step(net, 2, 16, relu, relu_slope, linear, linear_slope, hinge, ALPHA, 1);
}

static double tanh_step_4(Net *net) {
  return step(net, 3, 4, tanh, tanh_slope, tanh, tanh_slope, squared, 0, 0);
}

static double *zeros(int n) { return calloc(n, sizeof(double)); }

static void prepare(Net *net) {
  int n0 = net->inputs, n1 = net->width;
  const int nin[] = {n0, n1, n1}, nout[] = {n1, n1, 1};
  Layer *layers = net->arrays = calloc(3, sizeof(Layer));
  for (int l = 0; l < 3; l++) {
    int count = nin[l] * nout[l];
    layers[l] = (Layer){zeros(count), zeros(nout[l]), zeros(count), zeros(nout[l]), zeros(count)};
  }
#define CHOOSE(w) if (n1 == w) net->step = relu_step_##w;
  FOR_EACH_WIDTH(CHOOSE)
  if (net->forward_only) net->step = relu_loss_16;
  if (net->kind == TANH) net->step = tanh_step_4;
}

int main(int argc, char **argv) { return argc < 2 ? 1 : answer(argv[1]); }
