/* What plain C reaches on the same file or in as much memory: the yardstick of the benchmarks.
 *
 *   compare QUESTIONS ANSWERS
 *
 * reads questions, one a line, from the first file (a FIFO) and writes a number for each to the second, until the first
 * ends. A question is a command and its numbers, with tabs between:
 *
 *   pread FILE ROW_BYTES ROWS READS PLACES SEED   pread of runs of rows anywhere, into the same memory: ns a run
 *   fresh FILE ROW_BYTES ROWS READS PLACES SEED   the same, each into memory of its own; it is kept until the last is read
 *   word BYTES READS SEED                         a word anywhere in memory, its place known from the one before: ns
 *   overwrite FILE ROW_BYTES ROWS SEED            pwrite of rows anywhere, in ascending order, and fsync: ns in all
 *   replace FILE BYTES                            a file written beside, fsync, rename, fsync of the folder: ns in all
 *
 * After PLACES runs the same places come again; 0: never. A tenth of READS goes before, unmeasured.
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

static uint64_t number(void) { return strtoull(strtok(NULL, "\t\n"), NULL, 10); }

static double read_runs(int keep) {
  const char *path = strtok(NULL, "\t\n");
  uint64_t row_bytes = number(), rows = number(), reads = number(), places = number(), seed = number();
  int fd = open(path, O_RDONLY);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0) fail(path);
  uint64_t bytes = row_bytes * rows, starts = info.st_size / row_bytes - rows + 1;
  uint64_t warm_up = reads / 10, all = warm_up + reads;
  char **kept = calloc(all, sizeof *kept);
  char *buffer = malloc(bytes);
  memset(buffer, 0, bytes);
  double start = 0;
  state = seed;
  for (uint64_t i = 0; i < all; i++) {
    if (i == warm_up) start = now_ns();
    if (places && i % places == 0) state = seed;
    char *target = keep ? (kept[i] = malloc(bytes)) : buffer;
    if (pread(fd, target, bytes, next_random() % starts * row_bytes) != (ssize_t)bytes) fail("pread");
  }
  double spent = now_ns() - start;
  for (uint64_t i = 0; i < all; i++) free(kept[i]);
  free(kept);
  free(buffer);
  close(fd);
  return spent / reads;
}

static double read_words(void) {
  uint64_t words = number() / 4, reads = number();
  state = number();
  uint32_t *memory = malloc(words * 4);
  for (uint64_t i = 0; i < words; i++) memory[i] = next_random();
  uint32_t place = 0;
  double start = now_ns();
  for (uint64_t i = 0; i < reads; i++) place = memory[(next_random() ^ (place & 1)) % words];
  double spent = now_ns() - start;
  /* What was read has to matter, or the compiler reads nothing. */
  state = place;
  free(memory);
  return spent / reads;
}

static int ascending(const void *a, const void *b) {
  uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
  return (first > second) - (first < second);
}

static double overwrite_rows(void) {
  const char *path = strtok(NULL, "\t\n");
  uint64_t row_bytes = number(), rows = number();
  state = number();
  int fd = open(path, O_RDWR);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0) fail(path);
  uint64_t *places = malloc(rows * sizeof *places);
  for (uint64_t i = 0; i < rows; i++) places[i] = next_random() % (info.st_size / row_bytes);
  qsort(places, rows, sizeof *places, ascending);
  char *row = calloc(1, row_bytes);
  double start = now_ns();
  for (uint64_t i = 0; i < rows; i++) {
    if (pwrite(fd, row, row_bytes, places[i] * row_bytes) != (ssize_t)row_bytes) fail("pwrite");
  }
  if (fsync(fd) != 0) fail("fsync");
  double spent = now_ns() - start;
  free(row);
  free(places);
  close(fd);
  return spent;
}

static double replace_file(void) {
  char path[4096], folder[4096], beside[4096 + 4];
  strcpy(path, strtok(NULL, "\t\n"));
  strcpy(folder, path);
  *strrchr(folder, '/') = 0;
  sprintf(beside, "%s.new", path);
  uint64_t bytes = number();
  char *content = malloc(bytes);
  memset(content, 1, bytes);
  double start = now_ns();
  int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL, 0644), parent = open(folder, O_RDONLY);
  if (fd < 0 || write(fd, content, bytes) != (ssize_t)bytes || fsync(fd) != 0) fail(beside);
  if (rename(beside, path) != 0 || fsync(parent) != 0) fail(path);
  close(fd);
  close(parent);
  double spent = now_ns() - start;
  free(content);
  return spent;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *questions = fopen(argv[1], "r"), *answers = fopen(argv[2], "w");
  if (!questions || !answers) fail("fopen");
  char line[8192];
  while (fgets(line, sizeof line, questions)) {
    const char *command = strtok(line, "\t\n");
    double result;
    if (!strcmp(command, "pread")) result = read_runs(0);
    else if (!strcmp(command, "fresh")) result = read_runs(1);
    else if (!strcmp(command, "word")) result = read_words();
    else if (!strcmp(command, "overwrite")) result = overwrite_rows();
    else if (!strcmp(command, "replace")) result = replace_file();
    else return 2;
    fprintf(answers, "%.3f\n", result);
    fflush(answers);
  }
  return 0;
}
