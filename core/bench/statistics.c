/* What plain C reaches for figures of float32: the yardstick of the statistics benchmark.
 *
 *   statistics FILE   counts of NaN, infinities and zeros, extremes, sum and sum of squares as double: ns
 *
 * Two threads read blocks of 1 MiB in turn and look at each with vectors of eight. Prints one number.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (1 << 20)
#define THREADS 2

typedef float v8f __attribute__((vector_size(32)));
typedef int32_t v8i __attribute__((vector_size(32)));
typedef double v4d __attribute__((vector_size(32)));
typedef float v4f __attribute__((vector_size(16)));

static int fd;
static uint64_t blocks;
static atomic_uint_fast64_t turn;

struct figures {
  v8i nan, positive, negative, zeros;
  v8f min, max;
  v4d sum[2], squares[2];
};

static void look(const v8f *at, struct figures *f) {
  struct figures g = *f;
  const v8i top = {0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000};
  const v8f infinite = (v8f)top;
  for (int i = 0; i < BLOCK / 32; i++) {
    v8f x = at[i];
    v8i bits = (v8i)x, size = bits & 0x7fffffff;
    v8i finite = size < top;
    g.nan -= size > top;
    g.positive -= bits == top;
    g.negative -= bits == (top | (int32_t)0x80000000);
    g.zeros -= size == 0;
    v8f low = (v8f)((bits & finite) | ((v8i)infinite & ~finite));
    v8f high = (v8f)((bits & finite) | ((v8i)-infinite & ~finite));
    v8f y = (v8f)(bits & finite);
    v8i keep = g.min < low;
    g.min = (v8f)(((v8i)g.min & keep) | ((v8i)low & ~keep));
    keep = g.max > high;
    g.max = (v8f)(((v8i)g.max & keep) | ((v8i)high & ~keep));
    v4d a = __builtin_convertvector(((v4f *)&y)[0], v4d);
    v4d b = __builtin_convertvector(((v4f *)&y)[1], v4d);
    g.sum[0] += a;
    g.sum[1] += b;
    g.squares[0] += a * a;
    g.squares[1] += b * b;
  }
  *f = g;
}

static void *work(void *result) {
  struct figures *f = result;
  v8f *buffer = aligned_alloc(64, BLOCK);
  for (int i = 0; i < 8; i++) f->min[i] = INFINITY, f->max[i] = -INFINITY;
  for (uint64_t block; (block = atomic_fetch_add(&turn, 1)) < blocks;) {
    if (pread(fd, buffer, BLOCK, block * BLOCK) != BLOCK) exit(1);
    look(buffer, f);
  }
  free(buffer);
  return NULL;
}

int main(int argc, char **argv) {
  struct stat info;
  if (argc < 2 || (fd = open(argv[1], O_RDONLY)) < 0 || fstat(fd, &info) != 0) return 1;
  blocks = info.st_size / BLOCK;
  static struct figures f[THREADS];
  pthread_t threads[THREADS];
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, &f[i]);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  volatile double kept = f[0].sum[0][0] + f[1].squares[1][0] + f[0].min[0] + f[1].max[0] + f[0].nan[0] + f[1].zeros[0];
  (void)kept;
  printf("%.0f\n", (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec));
  return 0;
}
