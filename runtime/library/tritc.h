/*===- tritc.h - A compiled model as a library ----------------------------===*\
|*
|* What `tritc --emit=lib` makes is a library with a model in it, which has the
|* functions below and exports nothing else. Link a shared one, or load it with
|* dlopen, as many different ones in a process as there is memory for. Where
|* tritc's -o ends in .a it is a static one, which wants -lpthread and -lm.
|*
|*   tritc_model *model;
|*   tritc_error error;
|*   if (tritc_open(NULL, &model, &error))
|*     die(error.message);
|*   tritc_chat *chat = tritc_chat_new(model);
|*   tritc_chat_say(chat, TRITC_USER, "Hello", 5, &error);
|*   tritc_chat_answer(chat, NULL, print_token, stdout, NULL, &error);
|*
|* Functions that can fail return 0, or a TRITC_STATUS with its reason in
|* `error`, which may be NULL. Texts are UTF-8, with their length in bytes; they
|* need no terminator. Nothing is kept of what is passed in once a function has
|* returned. There is no global state.
|*
|* Threads: a model may be used by any number of threads at once; what they ask
|* for is computed side by side, in the same passes, and each gets what it would
|* get alone, bit for bit. A chat is for one thread at a time, but for
|* tritc_chat_stop(); one that comes while an answer is being written is
|* refused. Callbacks run on the thread that called, and may call anything.
|*
|* Mistakes: NULL, or a chat in place of a model, is TRITC_USAGE where there is
|* a status, and 0, "" or NULL where there is none. The functions that end
|* something take NULL and do nothing.
|*
\*===----------------------------------------------------------------------===*/
#ifndef TRITC_H
#define TRITC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TRITC_PUBLIC __attribute__((visibility("default")))
#else
#define TRITC_PUBLIC
#endif

/* Grows when functions are added. Structures begin with their size, so that
   they may grow as well: what a caller does not know of is as by default, and
   what asks for something that the library does not know of is refused. */
#define TRITC_LIBRARY_VERSION 2u

typedef enum TRITC_STATUS {
  TRITC_OK = 0,
  TRITC_USAGE = 1,      /* an argument cannot be right */
  TRITC_MALFORMED = 3,  /* the library's file is damaged or incomplete */
  TRITC_WRONG_CPU = 4,  /* no code in it is for this processor */
  TRITC_NO_MEMORY = 70, /* or no threads */
  TRITC_BUSY = 75,      /* too much is waiting already */
  TRITC_STOPPED = 130,  /* a callback, or tritc_chat_stop(), ended it */
} TRITC_STATUS;

typedef struct tritc_error {
  int status;
  char message[256]; /* one line, no full stop */
} tritc_error;

/* The version of the library at work. */
TRITC_PUBLIC uint32_t tritc_library_version(void);

/*===--- Models -----------------------------------------------------------===*/

typedef struct tritc_model tritc_model;

/* Everything 0 but the size: as the program would choose. */
typedef struct tritc_options {
  size_t size;           /* sizeof(tritc_options) */
  uint32_t threads;      /* one per physical core */
  uint32_t context_size; /* tokens of a sequence; as compiled */
  uint32_t parallel;     /* sequences in one pass; 16 */
  uint32_t queue;        /* calls that may wait for a place; 64 */
  uint64_t kv_memory;    /* bytes for keys and values of all sequences */
} tritc_options;

/* Starts threads; tritc_close() ends them. NULL for options: all by default.
   Any thread may open another one meanwhile, of the same library too. */
TRITC_PUBLIC int tritc_open(const tritc_options *options, tritc_model **model,
                            tritc_error *error);
/* Ends what is still being computed: those calls return TRITC_STOPPED. A chat
   that is left is good for nothing but to be freed. Once, from any thread, and
   a callback's too; no call may begin with the model itself from then on. */
TRITC_PUBLIC void tritc_close(tritc_model *model);

/* Facts, which stay as they are: for any thread. Texts live as long as the
   model. */
TRITC_PUBLIC const char *tritc_name(const tritc_model *model);
TRITC_PUBLIC const char *tritc_target(const tritc_model *model);
TRITC_PUBLIC uint32_t tritc_context_size(const tritc_model *model);
TRITC_PUBLIC uint32_t tritc_vocabulary_size(const tritc_model *model);
/* Floats of a vector; 0 for a model that writes text. */
TRITC_PUBLIC uint32_t tritc_vector_size(const tritc_model *model);

/*===--- Tokens -----------------------------------------------------------===*/

/* For any thread, as often as it likes: nothing waits for what is computed. */

/* How a text becomes tokens. */
enum {
  TRITC_NO_BOS = 1,     /* without the token that begins a text */
  TRITC_NO_SPECIAL = 2, /* what spells a special token is text */
};

/* Writes up to `room` ids, and to `count` how many there are: call again with
   more room where that is larger. */
TRITC_PUBLIC int tritc_tokenize(const tritc_model *model, const char *text,
                                size_t bytes, unsigned flags, int32_t *ids,
                                size_t room, size_t *count, tritc_error *error);
/* The text of ids, likewise. Special tokens have none. Ill-formed UTF-8 becomes
   U+FFFD. */
TRITC_PUBLIC int tritc_detokenize(const tritc_model *model, const int32_t *ids,
                                  size_t count, char *text, size_t room,
                                  size_t *bytes, tritc_error *error);
/* What a token stands for, likewise: special ones have the text that they are
   spelled with, and a part of a character is a part of it. */
TRITC_PUBLIC int tritc_token_bytes(const tritc_model *model, int32_t id,
                                   char *bytes, size_t room, size_t *count,
                                   tritc_error *error);
/* Whether a token ends an answer. */
TRITC_PUBLIC int tritc_is_stop(const tritc_model *model, int32_t id);

/*===--- Answers ----------------------------------------------------------===*/

/* For any thread, several at a time. A call returns when it is answered;
   TRITC_BUSY where tritc_options::queue of them wait already. */

/* Added to the logit of a token, before all else; from -100 to 100. */
typedef struct tritc_logit_bias {
  int32_t id;
  float bias;
} tritc_logit_bias;

typedef struct tritc_sampling {
  size_t size;           /* sizeof(tritc_sampling) */
  double temperature;    /* 0: always the likeliest token */
  double top_p;          /* 1: off */
  double min_p;          /* 0: off */
  double repeat_penalty; /* 1: off */
  int64_t top_k;         /* 0: off */
  int64_t repeat_last_n; /* tokens that the penalty looks back */
  int64_t seed;          /* -1: another one each time */
  int64_t max_tokens;    /* -1: until the model stops or the context is full */
  const char *const *stops; /* texts, with terminators, that end an answer */
  size_t stop_count;
  int logprobs; /* 1: tokens come with logarithms of their probabilities */
  /* What follows came with version 2. */
  uint32_t top_logprobs;    /* and so many of the likeliest; up to 20 */
  double frequency_penalty; /* as OpenAI has it, -2 to 2; 0: off */
  double presence_penalty;  /* likewise */
  const tritc_logit_bias *logit_biases;
  size_t logit_bias_count;
  const char *json_schema; /* a text, with terminator, that the answer fits;
                              "": any JSON object; NULL: off */
  const char *grammar;     /* likewise in GBNF; NULL: off */
  int ignore_stop;         /* 1: goes on behind a token that ends an answer */
  int keep_special;        /* 1: special tokens are told as text */
} tritc_sampling;

TRITC_PUBLIC void tritc_sampling_defaults_sized(const tritc_model *model,
                                                tritc_sampling *sampling,
                                                size_t size);
/* What the model's makers advise; without limit, stops, logprobs or form. */
static inline void tritc_sampling_defaults(const tritc_model *model,
                                           tritc_sampling *sampling) {
  tritc_sampling_defaults_sized(model, sampling, sizeof(*sampling));
}

typedef struct tritc_likely {
  int32_t id;
  double logprob;
} tritc_likely;

typedef struct tritc_token {
  int32_t id;       /* -1: none, but text that was held back */
  const char *text; /* what can be shown now: whole characters; no terminator */
  size_t bytes;
  double logprob; /* natural, of all logits as they are; if asked for */
  /* What follows came with version 2. */
  const tritc_likely *top; /* the best first */
  size_t top_count;
} tritc_token;

/* Anything but 0 ends the answer. */
typedef int (*tritc_on_token)(void *context, const tritc_token *token);

typedef enum TRITC_ENDING {
  TRITC_END_STOP = 0,    /* the model said so, or a text of `stops` came */
  TRITC_END_LENGTH = 1,  /* max_tokens */
  TRITC_END_CONTEXT = 2, /* no place for another token */
} TRITC_ENDING;

typedef struct tritc_result {
  int ending;           /* a TRITC_ENDING */
  size_t prompt_tokens; /* of these, */
  size_t reused_tokens; /* so many were computed before */
  size_t answer_tokens;
  double prompt_seconds, answer_seconds;
} tritc_result;

/* Continues a text of tokens. `sampling`, `on_token` and `result` may be NULL.
   An answer that was stopped is told in `result` as well. */
TRITC_PUBLIC int tritc_complete(tritc_model *model, const int32_t *ids,
                                size_t count, const tritc_sampling *sampling,
                                tritc_on_token on_token, void *context,
                                tritc_result *result, tritc_error *error);

/* The logits of what may follow a text of tokens:
   float[tritc_vocabulary_size()], the same bits on every machine. */
TRITC_PUBLIC int tritc_logits(tritc_model *model, const int32_t *ids,
                              size_t count, float *logits, tritc_error *error);

/* The `k` likeliest tokens to follow, the best first (of equals the one with
   the lower id), with natural logarithms of their probabilities. */
TRITC_PUBLIC int tritc_top_k(tritc_model *model, const int32_t *ids,
                             size_t count, size_t k, int32_t *top_ids,
                             double *logprobs, tritc_error *error);

/* The vector of a text, of a model that makes vectors:
   float[tritc_vector_size()]. `prompt` is what to put in front: the name of one
   of the model's prompts, such as "query"; NULL: the model's default. */
TRITC_PUBLIC int tritc_embed_for(tritc_model *model, const char *prompt,
                                 const char *text, size_t bytes, float *vector,
                                 tritc_error *error);
/* The same with the default. */
TRITC_PUBLIC int tritc_embed(tritc_model *model, const char *text, size_t bytes,
                             float *vector, tritc_error *error);

/*===--- Conversations ----------------------------------------------------===*/

/* A chat is for one thread at a time, different ones for different threads at
   once; tritc_chat_stop() for any. */

typedef struct tritc_chat tritc_chat;

typedef enum TRITC_ROLE {
  TRITC_SYSTEM = 0, /* once, before everything else */
  TRITC_USER = 1,
  TRITC_ASSISTANT = 2,
} TRITC_ROLE;

/* NULL where the model is. */
TRITC_PUBLIC tritc_chat *tritc_chat_new(tritc_model *model);
/* Stops the answer that is being written, if a callback calls this. */
TRITC_PUBLIC void tritc_chat_free(tritc_chat *chat);
/* What it is a conversation with. */
TRITC_PUBLIC tritc_model *tritc_chat_model(const tritc_chat *chat);
/* Another one that has said the same so far. */
TRITC_PUBLIC tritc_chat *tritc_chat_fork(const tritc_chat *chat);

/* Adds a message. Messages of a user and answers alternate. */
TRITC_PUBLIC int tritc_chat_say(tritc_chat *chat, TRITC_ROLE role,
                                const char *text, size_t bytes,
                                tritc_error *error);
/* Answers the last message, which is a user's, and adds the answer. One that
   was stopped is added as far as it came. */
TRITC_PUBLIC int tritc_chat_answer(tritc_chat *chat,
                                   const tritc_sampling *sampling,
                                   tritc_on_token on_token, void *context,
                                   tritc_result *result, tritc_error *error);
/* From any thread, or a signal's handler: ends the answer that is being
   written. */
TRITC_PUBLIC void tritc_chat_stop(tritc_chat *chat);

/* Takes the last message away; 0 if there was none, or one is being written. */
TRITC_PUBLIC int tritc_chat_undo(tritc_chat *chat);
/* Tokens that the conversation takes, as the template writes it. */
TRITC_PUBLIC size_t tritc_chat_tokens(const tritc_chat *chat);

/* Writes up to `room` bytes from which tritc_chat_load() of the same model
   makes the conversation again, and to `size` how many there are. */
TRITC_PUBLIC int tritc_chat_save(const tritc_chat *chat, void *bytes,
                                 size_t room, size_t *size, tritc_error *error);
TRITC_PUBLIC int tritc_chat_load(tritc_model *model, const void *bytes,
                                 size_t size, tritc_chat **chat,
                                 tritc_error *error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TRITC_H */
