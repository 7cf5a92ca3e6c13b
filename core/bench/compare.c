/* What plain C reaches on the same file: the yardstick of the reading benchmarks.
 *
 *   compare random FILE ROW_BYTES READS SEED       pread of single rows anywhere: ns a row
 *   compare contiguous FILE ROW_BYTES ROWS READS SEED   pread of runs of rows anywhere: ns a run
 *   compare sequential FILE BLOCK_BYTES            read of the whole file: ns
 *
 * Prints one number. Some reads go before, unmeasured.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint32_t state;

static uint32_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double read_runs(int fd, uint64_t file_bytes, uint64_t row_bytes, uint64_t rows, uint64_t reads) {
  uint64_t starts = file_bytes / row_bytes - rows + 1;
  char *buffer = malloc(row_bytes * rows);
  memset(buffer, 0, row_bytes * rows);
  uint64_t warm_up = reads / 10;
  double start = 0;
  for (uint64_t i = 0; i < warm_up + reads; i++) {
    if (i == warm_up) start = now_ns();
    uint64_t row = next_random() % starts;
    if (pread(fd, buffer, row_bytes * rows, row * row_bytes) != (ssize_t)(row_bytes * rows)) fail("pread");
  }
  double spent = now_ns() - start;
  free(buffer);
  return spent / reads;
}

static double read_all(int fd, uint64_t block) {
  char *buffer = malloc(block);
  memset(buffer, 0, block);
  double start = now_ns();
  ssize_t got;
  while ((got = read(fd, buffer, block)) > 0) {
  }
  if (got < 0) fail("read");
  double spent = now_ns() - start;
  free(buffer);
  return spent;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int fd = open(argv[2], O_RDONLY);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0) fail(argv[2]);
  uint64_t number[4] = {0};
  for (int i = 3; i < argc && i < 7; i++) number[i - 3] = strtoull(argv[i], NULL, 10);
  double result;
  if (!strcmp(argv[1], "random") && argc == 6) {
    state = number[2];
    result = read_runs(fd, info.st_size, number[0], 1, number[1]);
  } else if (!strcmp(argv[1], "contiguous") && argc == 7) {
    state = number[3];
    result = read_runs(fd, info.st_size, number[0], number[1], number[2]);
  } else if (!strcmp(argv[1], "sequential")) {
    result = read_all(fd, number[0]);
  } else {
    return 2;
  }
  printf("%.3f\n", result);
  return 0;
}
