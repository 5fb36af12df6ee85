/* two_models.c - Opens the models of two static libraries. */

#include <tritc.h>

#include <stdio.h>

extern int tiny_tritc_open(const tritc_options *options, tritc_model **model,
                           tritc_error *error);
extern const char *tiny_tritc_name(const tritc_model *model);
extern int tiny_tritc_logits(tritc_model *model, const int32_t *ids,
                             size_t count, float *logits, tritc_error *error);

int main(void) {
  tritc_model *pocket, *tiny;
  tritc_error error;
  static float logits[1 << 17];
  int32_t id = 1;
  if (tritc_open(NULL, &pocket, &error) ||
      tiny_tritc_open(NULL, &tiny, &error) ||
      tritc_logits(pocket, &id, 1, logits, &error) ||
      tiny_tritc_logits(tiny, &id, 1, logits, &error)) {
    puts(error.message);
    return error.status;
  }
  printf("%s and %s\n", tritc_name(pocket), tiny_tritc_name(tiny));
  return 0;
}
