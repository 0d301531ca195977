#include "service.h"

EXPORT("add_") SERVICE_CALL(add) {
  static int all;
  REPLY_TEXT("%d in all, this one of %.*s", ++all, (int)req_len, req);
}
