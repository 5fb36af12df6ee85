/*===- main.c - A compiled model inside a C program -----------------------===*
 *
 *   embed PROGRAM COUNT ID...
 *
 * Continues a prompt of token ids greedily and prints up to COUNT more. The
 * code of the model is linked in (tritc --emit=obj); its weights are read from
 * the image of tritc --emit=image, or from an executable of the same model,
 * which holds one.
 *
 * Nothing else of tritc is linked: no runtime library, no threads.
 *
 *===----------------------------------------------------------------------===*/

#include <tritc.h> /* tritc --emit=header */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Called by the model's code where its threads meet. We have but one. */
void tritc_barrier(void *barrier) { (void)barrier; }

static int fail(const char *what) {
  fprintf(stderr, "embed: %s\n", what);
  exit(1);
}

/* The image begins at a multiple of the page size in the file of an executable.
 * The mapping stays until the process ends. */
static const TritcImageHeader *find_image(const char *path) {
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0 || status.st_size == 0)
    fail("cannot read the program");
  uint64_t size = (uint64_t)status.st_size;
  const char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (bytes == MAP_FAILED)
    fail("cannot map the program");
  for (uint64_t at = 0; at + sizeof(TritcImageHeader) <= size; at += 4096) {
    const TritcImageHeader *image = (const TritcImageHeader *)(bytes + at);
    if (image->magic == TRITC_IMAGE_MAGIC && image->imageBytes <= size - at)
      return image;
  }
  fail("the program holds no image");
  return NULL;
}

static void check(const TritcImageHeader *image) {
  if (tritc_program.abiVersion != TRITC_ABI_VERSION ||
      image->abiVersion != TRITC_ABI_VERSION)
    fail("made by another version of tritc");
  if (image->vocabSize != tritc_program.vocabSize ||
      image->contextSize != tritc_program.contextSize)
    fail("object and program are of different models");
}

/* `size` bytes that start at a multiple of 64. */
static void *allocate(uint64_t size) {
  void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!memory)
    fail("no memory");
  return memory;
}

typedef struct {
  const uint8_t *weights;
  uint8_t *scratch;
  uint8_t *cache;  /* keys and values of the tokens so far */
  int32_t *places; /* of the tokens of a call */
  float *logits;   /* [maxTokens x vocabSize] */
  int64_t position;
} Session;

static Session start(const TritcImageHeader *image) {
  Session session = {
      (const uint8_t *)image + image->weights.offset,
      allocate(tritc_program.scratchBytes),
      allocate(tritc_program.kvCacheBytes),
      allocate(tritc_program.maxTokens * tritc_place_size(&tritc_program) *
               sizeof(int32_t)),
      allocate((uint64_t)tritc_program.maxTokens * tritc_program.vocabSize *
               sizeof(float)),
      0,
  };
  return session;
}

/* Takes `count` tokens in; returns the likeliest next one. */
static int32_t feed(Session *session, const int32_t *tokens, int64_t count) {
  int64_t most = tritc_program.maxTokens, taken = 0;
  do {
    taken = count < most ? count : most;
    TritcForward forward =
        taken == 1 ? tritc_program.decode : tritc_program.prefill;
    tritc_place_alone(&tritc_program, session->places, session->position,
                      taken);
    /* Only the last row of logits is wanted; one thread, the first of one. */
    forward(session->weights, session->scratch, session->cache, tokens,
            session->places, session->logits, NULL, taken, taken - 1, 0, 1,
            NULL);
    session->position += taken;
    tokens += taken;
    count -= taken;
  } while (count > 0);
  const float *row = session->logits + (taken - 1) * tritc_program.vocabSize;
  uint32_t best = 0;
  for (uint32_t id = 1; id < tritc_program.vocabSize; ++id)
    if (row[id] > row[best])
      best = id;
  return (int32_t)best;
}

static int is_stop(const TritcImageHeader *image, int32_t token) {
  const uint32_t *stops =
      (const uint32_t *)((const char *)image + image->stopTokens.offset);
  for (uint64_t i = 0; i < image->stopTokens.bytes / sizeof(*stops); ++i)
    if (stops[i] == (uint32_t)token)
      return 1;
  return 0;
}

static long number(const char *text, long least, long most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end == text || *end || value < least || value > most)
    fail("a number is malformed or out of range");
  return value;
}

int main(int argc, char **argv) {
  if (argc < 4)
    fail("usage: embed PROGRAM COUNT ID...");
  const TritcImageHeader *image = find_image(argv[1]);
  check(image);
  long context = (long)tritc_program.contextSize, length = argc - 3;
  long count = number(argv[2], 0, context);
  if (length + count > context)
    fail("longer than the context");
  int32_t *prompt = allocate((uint64_t)length * sizeof(int32_t));
  for (long i = 0; i < length; ++i)
    prompt[i] = (int32_t)number(argv[3 + i], 0, tritc_program.vocabSize - 1L);

  Session session = start(image);
  int32_t token = feed(&session, prompt, length);
  for (long i = 0; i < count && !is_stop(image, token); ++i) {
    printf("%s%d", i ? " " : "", token);
    token = feed(&session, &token, 1);
  }
  printf("\n");
  return 0;
}
