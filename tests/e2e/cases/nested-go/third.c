#include "service.h"

static int calls;

EXPORT("wrap_") SERVICE_CALL(wrap) { REPLY_TEXT("third(%.*s) for the %d. time", (int)req_len, req, ++calls); }
