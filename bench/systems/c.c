// The networks as a C programmer would write them by hand: plain loops over arrays of doubles.
// Speaks the protocol of worker.mjs: "check WORK N" and "time WORK N" on standard input.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RATE 0.1
#define ALPHA 1e-4
#define STEPS_IN_A_RUN 100

typedef struct {
  int nin, nout;
  double *w, *b; // w[j * nin + i], b[j]
  double *grad_w, *grad_b;
  double *out, *grad_out; // nout values each
} Layer;

typedef struct {
  Layer layers[3];
  int points, repetition;
  double *xs, *ys, *start;
} Problem;

#define INLINE static inline __attribute__((always_inline))

static double relu(double x) { return x > 0 ? x : 0; }
static double relu_slope(double y) { return y > 0 ? 1 : 0; }
static double tanh_slope(double y) { return 1 - y * y; }
static double linear(double x) { return x; }
static double linear_slope(double y) { (void)y; return 1; }

typedef double (*Function)(double);

// Sizes and functions are constants where these are called and the calls are inlined, so that the
// compiler sees straight loops of known length.
INLINE void forward(Layer *l, int nin, int nout, const double *x, Function f) {
  for (int j = 0; j < nout; j++) {
    const double *w = l->w + j * nin;
    double sum = l->b[j];
    for (int i = 0; i < nin; i++) sum += w[i] * x[i];
    l->out[j] = f(sum);
  }
}

INLINE void backward(Layer *l, int nin, int nout, const double *restrict x,
                     double *restrict grad_x, Function slope) {
  if (grad_x) for (int i = 0; i < nin; i++) grad_x[i] = 0;
  for (int j = 0; j < nout; j++) {
    const double *restrict w = l->w + j * nin;
    double *restrict grad_w = l->grad_w + j * nin;
    double grad = l->grad_out[j] * slope(l->out[j]);
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

static double update_all(Problem *m, double alpha) {
  double loss = 0;
  for (int l = 0; l < 3; l++) {
    Layer *layer = &m->layers[l];
    loss += update(layer->w, layer->grad_w, layer->nin * layer->nout, alpha);
    loss += update(layer->b, layer->grad_b, layer->nout, alpha);
  }
  return loss;
}

// Puts the starting weights back: each neuron's weights and then its bias.
static void restart(Problem *m) {
  const double *p = m->start;
  for (int l = 0; l < 3; l++) {
    Layer *layer = &m->layers[l];
    for (int j = 0; j < layer->nout; j++) {
      for (int i = 0; i < layer->nin; i++) layer->w[j * layer->nin + i] = *p++;
      layer->b[j] = *p++;
    }
  }
}

// A point's loss, and in *slope its derivative with respect to the score.
static double hinge(double score, double y, double *slope) {
  double margin = 1 - y * score;
  *slope = margin > 0 ? -y : 0;
  return margin > 0 ? margin : 0;
}

static double squared(double score, double y, double *slope) {
  *slope = 2 * (score - y);
  return (score - y) * (score - y);
}

// One full gradient step of the net n0-n1-n2-n3 over all points; returns the loss before it.
INLINE double step(Problem *m, int n0, int n1, int n2, int n3, Function hidden,
                   Function hidden_slope, Function output, Function output_slope,
                   double (*point_loss)(double, double, double *), double alpha) {
  Layer *a = &m->layers[0], *b = &m->layers[1], *c = &m->layers[2];
  double loss = 0;
  if (m->repetition++ % STEPS_IN_A_RUN == 0) restart(m);
  for (int n = 0; n < m->points; n++) {
    const double *x = m->xs + n * n0;
    forward(a, n0, n1, x, hidden);
    forward(b, n1, n2, a->out, hidden);
    forward(c, n2, n3, b->out, output);
    double slope;
    loss += point_loss(c->out[0], m->ys[n], &slope);
    c->grad_out[0] = slope / m->points;
    backward(c, n2, n3, b->out, b->grad_out, output_slope);
    backward(b, n1, n2, a->out, a->grad_out, hidden_slope);
    backward(a, n0, n1, x, NULL, hidden_slope);
  }
  return loss / m->points + update_all(m, alpha);
}

static double moons_step(Problem *m) {
  return step(m, 2, 16, 16, 1, relu, relu_slope, linear, linear_slope, hinge, ALPHA);
}

static double four_points_step(Problem *m) {
  return step(m, 3, 4, 4, 1, tanh, tanh_slope, tanh, tanh_slope, squared, 0);
}

static double *zeros(int n) { return calloc(n, sizeof(double)); }

// Finds the line "name count value value ..." of the data file.
static double *read_array(const char *path, const char *name, int *count) {
  FILE *file = fopen(path, "r");
  char word[64];
  if (!file) exit(1);
  while (fscanf(file, "%63s %d", word, count) == 2) {
    double *values = zeros(*count);
    for (int i = 0; i < *count; i++) if (fscanf(file, "%lf", values + i) != 1) exit(1);
    if (strcmp(word, name) == 0) { fclose(file); return values; }
    free(values);
  }
  exit(1);
}

static Problem make_problem(const char *path, const char *points, const char *targets,
                            const char *parameters, const int *sizes) {
  Problem m = {.repetition = 0};
  int count;
  m.xs = read_array(path, points, &count);
  m.ys = read_array(path, targets, &m.points);
  m.start = read_array(path, parameters, &count);
  for (int l = 0; l < 3; l++) {
    int nin = sizes[l], nout = sizes[l + 1];
    m.layers[l] = (Layer){nin, nout, zeros(nin * nout), zeros(nout), zeros(nin * nout),
                          zeros(nout), zeros(nout), zeros(nout)};
  }
  return m;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  char command[16], work[32];
  int count;
  if (argc < 2) return 1;
  Problem moons = make_problem(argv[1], "moonsPoints", "moonsTargets", "moonsParameters",
                               (int[]){2, 16, 16, 1});
  Problem four = make_problem(argv[1], "fourPoints", "fourTargets", "fourParameters",
                              (int[]){3, 4, 4, 1});
  while (scanf("%15s %31s %d", command, work, &count) == 3) {
    int is_moons = strcmp(work, "moons") == 0;
    int checking = strcmp(command, "check") == 0;
    double start = now();
    for (int k = 0; k < count; k++) {
      double loss = is_moons ? moons_step(&moons) : four_points_step(&four);
      if (checking) printf("%.17g ", loss);
    }
    if (checking) printf("\n");
    else printf("%.0f\n", now() - start);
    fflush(stdout);
  }
}
