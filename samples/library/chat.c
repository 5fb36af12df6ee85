/* chat.c - Asks a compiled model one question. */

#include <tritc.h>

#include <stdio.h>
#include <string.h>

/* Shows a piece of the answer as it comes; 0 asks for more. */
static int show(void *file, const tritc_token *token) {
  fwrite(token->text, 1, token->bytes, file);
  fflush(file);
  return 0;
}

int main(int argc, char **argv) {
  const char *question = argc > 1 ? argv[1] : "Hello!";
  tritc_error error;
  tritc_model *model;
  if (tritc_open(NULL, &model, &error)) {
    fprintf(stderr, "error: %s\n", error.message);
    return error.status;
  }

  tritc_sampling sampling;
  tritc_sampling_defaults(model, &sampling);
  sampling.temperature = 0; /* always the likeliest token */

  tritc_chat *chat = tritc_chat_new(model);
  int status =
      tritc_chat_say(chat, TRITC_USER, question, strlen(question), &error);
  if (!status)
    status = tritc_chat_answer(chat, &sampling, show, stdout, NULL, &error);
  puts("");
  if (status)
    fprintf(stderr, "error: %s\n", error.message);

  tritc_chat_free(chat);
  tritc_close(model);
  return status;
}
