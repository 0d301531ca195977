#include "service.h"

EXPORT("say_") SERVICE_CALL(serve) {
  printf("b speaks\nand speaks\n");
  fflush(stdout);
  REPLY_TEXT("done");
}
