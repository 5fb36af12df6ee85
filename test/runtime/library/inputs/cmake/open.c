#include <tritc.h>

int main(void) {
  tritc_model *model;
  int status = tritc_open(NULL, &model, NULL);
  tritc_close(model);
  return status;
}
