/* A program that calls a model's object, without any system library. */
#include <tritc.h>

void tritc_barrier(void *barrier) { (void)barrier; }

int start(void) {
  tritc_program.decode(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0);
  return (int)tritc_program.abiVersion;
}

#ifdef _WIN32
/* What the C runtime of Windows defines. */
int _fltused;
void __chkstk(void) {}
#endif
