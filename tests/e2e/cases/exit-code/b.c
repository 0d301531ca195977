#include "service.h"

EXPORT("leave_") SERVICE_CALL(leave) {
  printf("leaving"); // exit flushes it
  exit(42);
}
