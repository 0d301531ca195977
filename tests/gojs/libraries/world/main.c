// Calls a library that Go compiled for JavaScript: requests and replies by the abi bytes.
#include "library.h"

int main(void) {
  ask("{\"name\": \"add\", \"args\": [20, 22]}");
  ask("{\"name\": \"reverse\", \"args\": [{\"base64\": \"AAECAw==\"}]}");
  ask("{\"name\": \"later\", \"args\": [[1, \"two\", null], 5]}");
  ask("{\"name\": \"fails\", \"args\": [\"what went wrong\"]}");
  ask("{\"name\": \"lib.render\", \"args\": [\"x\"]}");
  ask("{\"name\": \"twice\", \"args\": [4]");
  // Replies are given back, and so are requests: more than the regions hold would come together otherwise.
  for (int i = 0; i < 60; i++) {
    long_text();
  }
  ask("{\"name\": \"count\"}");
  return 0;
}
