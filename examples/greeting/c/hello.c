// The main service in C: stands in for hello/main.go where there is no Go. Says the same, to the byte.
//
//   hello [NAME[:en|fr|de]]...

#include <stdio.h>

#include "protobuf.h"

SERVICE_IMPORT("greeting", "fetch_greeting_")
uint64_t fetch_greeting(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err);

static uint64_t tongue_of(const char *code) {
  static const char *const codes[] = {"en", "fr", "de"};
  for (uint64_t i = 0; i < 3; i++)
    if (strcmp(code, codes[i]) == 0) return i + 1;
  return 0;
}

static int greet(const char *guest) {
  const char *colon = strchr(guest, ':');
  uint32_t length = colon ? (uint32_t)(colon - guest) : (uint32_t)strlen(guest);

  static uint8_t request[CAPACITY], response[CAPACITY];
  if (length > CAPACITY - 16) length = CAPACITY - 16;
  pb_writer writer = {request};
  pb_put_bytes(&writer, 1, guest, length);
  pb_put_number(&writer, 2, colon ? tongue_of(colon + 1) : 1);
  int32_t err = 0;
  uint64_t reply = fetch_greeting((uint32_t)(writer.at - request), request, response, &err);
  if (err != 0) {
    printf("no greeting for \"%.*s\": error %d\n", (int)length, guest, (int)err);
    return 1;
  }
  pb_field field;
  for (pb_reader reader = {response, response + (reply >> 32), 0}; pb_next(&reader, &field);)
    if (field.field == 1) printf("%.*s\n", (int)field.length, field.bytes);
  return 0;
}

int main(int argc, char **argv) {
  static char *everybody[] = {"hello", "Ada", "Blaise:fr", "Clara:de", "Ada"};
  if (argc < 2) argc = 5, argv = everybody;
  int exit = 0;
  for (int i = 1; i < argc; i++) exit |= greet(argv[i]);
  return exit;
}
