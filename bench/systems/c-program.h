// What both C programs share: the works by name, the data file, the clocks and the protocol of
// worker.mjs. A program includes this file, defines prepare(), and calls answer() from its main().
//
//   check WORK N   does the work N times and prints the N results
//   time WORK N    does the work N times and prints the nanoseconds that took
//   clock WORK     prints the cycles of this core in a nanosecond (the work does not matter)

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RATE 0.1
#define ALPHA 1e-4 // of the squares of the parameters, for the hinge loss only
#define STEPS_IN_A_RUN 100

#define INLINE static inline __attribute__((always_inline))

// The hidden widths that there are works for; a program has a step compiled for each.
#define FOR_EACH_WIDTH(DO) DO(4) DO(8) DO(16) DO(32) DO(64) DO(128)

// Two kinds of network: inputs-width-width-1, ReLU, hinge loss and penalty; or tanh, squared error.
typedef enum { RELU, TANH } Kind;

typedef struct Net {
  Kind kind;
  int inputs, width, points, forward_only, repetition;
  const double *xs, *ys, *start; // points, targets; the starting weights: neuron after neuron,
                                 // its weights and then its bias
  void *arrays;                  // the program's own
  double (*step)(struct Net *);  // a gradient step, or the loss if forward_only; returns the loss
} Net;

// Defined by the program: makes the arrays and chooses the step.
static void prepare(Net *net);

typedef struct { char name[64]; int count; double *values; } Array;
static Array arrays[64];

// Reads the lines "name count value value ..." of the data file.
static void read_data(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) exit(1);
  for (Array *a = arrays; fscanf(file, "%63s %d", a->name, &a->count) == 2; a++) {
    a->values = calloc(a->count, sizeof(double));
    for (int i = 0; i < a->count; i++) if (fscanf(file, "%lf", a->values + i) != 1) exit(1);
  }
  fclose(file);
}

static const double *array(const char *name) {
  for (Array *a = arrays; a->values; a++) if (strcmp(a->name, name) == 0) return a->values;
  fprintf(stderr, "error: no array %s in the data\n", name);
  exit(1);
}

static Net make_net(const char *work) {
  char parameters[32] = "moonsParameters";
  Net net = {.kind = RELU, .inputs = 2, .width = 16, .points = 100};
  net.forward_only = strcmp(work, "forward-moons") == 0;
  net.xs = array("moonsPoints");
  net.ys = array("moonsTargets");
  if (sscanf(work, "width-%d", &net.width) == 1) {
    snprintf(parameters, sizeof parameters, "width%dParameters", net.width);
  } else if (sscanf(work, "batch-%d", &net.points) == 1) {
    net.xs = array("batchPoints");
    net.ys = array("batchTargets");
  } else if (strcmp(work, "four-points") == 0) {
    net = (Net){.kind = TANH, .inputs = 3, .width = 4, .points = 4};
    net.xs = array("fourPoints");
    net.ys = array("fourTargets");
    strcpy(parameters, "fourParameters");
  }
  net.start = array(parameters);
  prepare(&net);
  return net;
}

static double nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

// The time stamp counter runs at its own constant rate, so the core's clock is measured: integer
// additions that each wait for the one before take a cycle each.
static double cycles_per_nanosecond(void) {
  double best = 0;
  for (int round = 0; round < 20; round++) {
    uint64_t x = 1;
    double start = nanoseconds();
    for (int i = 0; i < 100000; i++) {
      __asm__ volatile("add %0, %0\nadd %0, %0\nadd %0, %0\nadd %0, %0\nadd %0, %0\n"
                       "add %0, %0\nadd %0, %0\nadd %0, %0\nadd %0, %0\nadd %0, %0" : "+r"(x));
    }
    double rate = 1e6 / (nanoseconds() - start);
    if (rate > best) best = rate;
  }
  return best;
}

static int answer(const char *path) {
  char request[16], work[32], current[32] = "";
  int count;
  Net net = {0};
  read_data(path);
  while (scanf("%15s %31s", request, work) == 2) {
    if (strcmp(request, "clock") == 0) {
      printf("%.4f\n", cycles_per_nanosecond());
      fflush(stdout);
      continue;
    }
    if (scanf("%d", &count) != 1) return 1;
    if (strcmp(work, current) != 0) net = make_net(strcpy(current, work));
    int checking = strcmp(request, "check") == 0;
    double start = nanoseconds();
    for (int k = 0; k < count; k++) {
      double loss = net.step(&net);
      if (checking) printf("%.17g ", loss);
    }
    if (checking) printf("\n");
    else printf("%.0f\n", nanoseconds() - start);
    fflush(stdout);
  }
  return 0;
}
