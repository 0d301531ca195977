// The greeting service in C: stands in for greet/main.go where there is no Go. Says the same, to the byte.

#include <stdio.h>

#include "protobuf.h"

enum { ERROR_NO_NAME = 1, ERROR_TOO_LONG = 2, LONGEST_NAME = 1000 };

SERVICE_IMPORT("count", "visit_") uint64_t visit(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err);

static const char *const greetings[] = {
    "Hello, %.*s! You are visitor %llu; visits of yours: %llu.",
    "Hello, %.*s! You are visitor %llu; visits of yours: %llu.",
    "Bonjour, %.*s ! Vous êtes le visiteur %llu ; c'est votre visite %llu.",
    "Guten Tag, %.*s! Sie sind Gast Nummer %llu; Ihr Besuch Nummer %llu.",
};

SERVICE_EXPORT("fetch_greeting_") uint64_t fetch_greeting(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err) {
  pb_field name = {0}, field;
  uint64_t tongue = 0;
  for (pb_reader reader = {req, req + req_len, 0}; pb_next(&reader, &field);) {
    if (field.field == 1) name = field;
    if (field.field == 2) tongue = field.number < 4 ? field.number : 0;
  }
  if (name.length == 0) {
    *err = ERROR_NO_NAME;
    return 0;
  }
  if (name.length > LONGEST_NAME) {
    *err = ERROR_TOO_LONG;
    return 0;
  }

  static uint8_t visit_request[CAPACITY], visit_response[CAPACITY];
  pb_writer request = {visit_request};
  pb_put_bytes(&request, 1, name.bytes, name.length);
  uint64_t reply = visit((uint32_t)(request.at - visit_request), visit_request, visit_response, err);
  if (*err != 0) return 0;
  uint64_t visitors = 0, visits = 0;
  for (pb_reader reader = {visit_response, visit_response + (reply >> 32), 0}; pb_next(&reader, &field);) {
    if (field.field == 1) visitors = field.number;
    if (field.field == 2) visits = field.number;
  }

  char text[CAPACITY];
  int length = snprintf(text, sizeof text, greetings[tongue], (int)name.length, name.bytes, visitors, visits);
  pb_writer response = {out};
  pb_put_bytes(&response, 1, text, (uint32_t)length);
  *err = 0;
  return reply_of(out, (uint32_t)(response.at - out));
}
