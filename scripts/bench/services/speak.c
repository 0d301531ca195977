// Two services that both print. Alone, the second prints what its constructor remembered and what it is asked to.

#include <stdint.h>
#include <stdio.h>

#ifdef MAIN
__attribute__((import_module("second"), import_name("speak_"))) int32_t speak(int32_t number);

int main(void) {
  printf("first: hello\n");
  fflush(stdout);
  printf("first: the second answered %d\n", speak(41));
}
#else
static int32_t initialised;

__attribute__((constructor)) static void initialise(void) { initialised = 1; }

__attribute__((export_name("speak_"))) int32_t speak(int32_t number) {
  printf("second: hello, %d, %s\n", number, initialised ? "initialised" : "NOT initialised");
  fflush(stdout);
  return number + 1;
}
#endif
