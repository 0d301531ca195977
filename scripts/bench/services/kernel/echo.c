// As echo/main.go, by the C library of tests/parigot.

#include "parigot.h"

int main(void) {
  parigot_service *self = parigot_server("echo.v1", "echo");
  parigot_bind(self, "Echo", parigot_return);
  parigot_launch(self, NULL);
  parigot_loop();
}
