// Makes letters large, and has the host write them.
#include "large.h"
