#include "service.h"

// How often a name was counted; "total" is all of them.
static struct { char name[32]; int times; } names[16];
static int known, total;

EXPORT("count_") SERVICE_CALL(count) {
  char name[32];
  snprintf(name, sizeof name, "%.*s", (int)req_len, req);
  if (!strcmp(name, "total")) REPLY_TEXT("%d names, %d in all", known, total);
  total++;
  for (int i = 0; i < known; i++)
    if (!strcmp(names[i].name, name)) REPLY_TEXT("%d", ++names[i].times);
  strcpy(names[known].name, name);
  REPLY_TEXT("%d", names[known++].times = 1);
}
