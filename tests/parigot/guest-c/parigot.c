#include "parigot.h"

#include <time.h>

#include "kernel.h"

enum { READ_TIMEOUT = 50 };  // milliseconds
enum { PAYLOAD_TEXT = 1, PAYLOAD_NUMBER = 2 };  // the fields of these tests' own message

_Noreturn void parigot_fatal(const char *what, int32_t code) {
  fprintf(stderr, "%s: %d\n", what, (int)code);
  exit(1);
}

// --- services and what is pending ---------------------------------------------------------------------------------------

typedef struct method {
  parigot_id id;
  parigot_handler handler;
  struct method *next;
} method;

struct parigot_service {
  parigot_id id;
  method *methods;
  parigot_then then;
  parigot_id launch;
  parigot_service *next;
};

// A call of ours that was not answered yet.
typedef struct pending {
  parigot_id call;
  int64_t expires;
  parigot_result then;
  void *context;
  struct pending *next;
} pending;

// A call of others that we have not answered yet: its bundle, as it came.
struct parigot_call {
  uint32_t length;
  uint8_t bundle[];
};

typedef struct binding {
  char *name;
  parigot_id method;
  struct binding *next;
} binding;

struct parigot_remote {
  parigot_id host, service;
  binding *bindings;
};

static parigot_service *services;
static pending *waiting;
int64_t parigot_call_timeout = 3000;

static void *make(size_t size) {
  void *made = calloc(1, size);
  if (!made) parigot_fatal("no memory", 0);
  return made;
}

static char *text_of(pb_bytes from) {
  char *text = make(from.end - from.at + 1);
  memcpy(text, from.at, from.end - from.at);
  return text;
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static void put_name(pb_writer *w, uint32_t field, const char *package, const char *name) {
  pb_writer inner = {0};
  pb_text(&inner, FULLY_QUALIFIED_SERVICE_PACKAGE_PATH, package);
  pb_text(&inner, FULLY_QUALIFIED_SERVICE_SERVICE, name);
  pb_message(w, field, inner);
}

static parigot_service *new_service(const char *debug_name) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  put_id(&request, REGISTER_REQUEST_HOST_ID, host_id());
  pb_text(&request, REGISTER_REQUEST_DEBUG_NAME, debug_name);
  must("register_", invoke(register_, request, out, &reply));
  parigot_service *service = make(sizeof *service);
  for (pb_field f; next(&reply, &f);)
    if (f.number == REGISTER_RESPONSE_SERVICE_ID) service->id = get_id(f.bytes);
  service->next = services;
  return services = service;
}

parigot_service *parigot_client(void) {
  char name[32];
  snprintf(name, sizeof name, "Client.program%03d", (int)(host_id().low % 1000));
  return new_service(name);
}

parigot_service *parigot_server(const char *package, const char *name) {
  char debug_name[256];
  snprintf(debug_name, sizeof debug_name, "%s.%s", package, name);
  parigot_service *service = new_service(debug_name);
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  put_id(&request, EXPORT_REQUEST_SERVICE_ID, service->id);
  put_name(&request, EXPORT_REQUEST_SERVICE, package, name);
  put_id(&request, EXPORT_REQUEST_HOST_ID, host_id());
  must("export_", invoke(export_, request, out, &reply));
  return service;
}

void parigot_require(parigot_service *self, const char *package, const char *name) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  put_name(&request, REQUIRE_REQUEST_DEST, package, name);
  put_id(&request, REQUIRE_REQUEST_SOURCE, self->id);
  must("require_", invoke(require_, request, out, &reply));
}

void parigot_bind(parigot_service *self, const char *name, parigot_handler handler) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  put_id(&request, BIND_METHOD_REQUEST_HOST_ID, host_id());
  put_id(&request, BIND_METHOD_REQUEST_SERVICE_ID, self->id);
  pb_text(&request, BIND_METHOD_REQUEST_METHOD_NAME, name);
  pb_number(&request, BIND_METHOD_REQUEST_DIRECTION, 1);
  must("bind_method_", invoke(bind_method_, request, out, &reply));
  method *bound = make(sizeof *bound);
  bound->handler = handler;
  for (pb_field f; next(&reply, &f);)
    if (f.number == BIND_METHOD_RESPONSE_METHOD_ID) bound->id = get_id(f.bytes);
  bound->next = self->methods;
  self->methods = bound;
}

void parigot_launch(parigot_service *self, parigot_then then) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  self->then = then;
  self->launch = new_call();
  put_id(&request, LAUNCH_REQUEST_SERVICE_ID, self->id);
  put_id(&request, LAUNCH_REQUEST_CALL_ID, self->launch);
  put_id(&request, LAUNCH_REQUEST_HOST_ID, host_id());
  put_id(&request, LAUNCH_REQUEST_METHOD_ID, launch_method);
  must("launch_", invoke(launch_, request, out, &reply));
}

parigot_remote *parigot_locate(parigot_service *self, const char *package, const char *name) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  pb_text(&request, LOCATE_REQUEST_PACKAGE_NAME, package);
  pb_text(&request, LOCATE_REQUEST_SERVICE_NAME, name);
  put_id(&request, LOCATE_REQUEST_CALLED_BY, self->id);
  must("locate_", invoke(locate_, request, out, &reply));
  parigot_remote *remote = make(sizeof *remote);
  for (pb_field f; next(&reply, &f);) {
    if (f.number == LOCATE_RESPONSE_HOST_ID) remote->host = get_id(f.bytes);
    if (f.number == LOCATE_RESPONSE_SERVICE_ID) remote->service = get_id(f.bytes);
    if (f.number != LOCATE_RESPONSE_BINDING) continue;
    binding *b = make(sizeof *b);
    for (pb_field g; next(&f.bytes, &g);) {
      if (g.number == METHOD_BINDING_METHOD_NAME) b->name = text_of(g.bytes);
      if (g.number == METHOD_BINDING_METHOD_ID) b->method = get_id(g.bytes);
    }
    b->next = remote->bindings;
    remote->bindings = b;
  }
  return remote;
}

// --- calls --------------------------------------------------------------------------------------------------------------

static void put_payload(pb_writer *w, uint32_t field, const parigot_payload *payload) {
  pb_writer value = {0}, any = {0};
  pb_text(&value, PAYLOAD_TEXT, payload->text);
  pb_number(&value, PAYLOAD_NUMBER, (uint64_t)(int64_t)payload->number);
  pb_text(&any, ANY_TYPE_URL, "type.googleapis.com/test.v1.Payload");
  pb_message(&any, ANY_VALUE, value);
  pb_message(w, field, any);
}

// The payload in an Any; free its text.
static parigot_payload get_payload(pb_bytes any) {
  parigot_payload payload = {0};
  for (pb_field f; next(&any, &f);) {
    if (f.number != ANY_VALUE) continue;
    for (pb_field g; next(&f.bytes, &g);) {
      if (g.number == PAYLOAD_TEXT) payload.text = text_of(g.bytes);
      if (g.number == PAYLOAD_NUMBER) payload.number = (int32_t)g.value;
    }
  }
  if (!payload.text) payload.text = make(1);
  return payload;
}

void parigot_call_method(parigot_remote *remote, const char *name, const parigot_payload *param, parigot_result then, void *context) {
  parigot_id id = {0};
  for (binding *b = remote->bindings; b; b = b->next)
    if (strcmp(b->name, name) == 0) id = b->method;
  // Pending already now: a kernel is free to run the callee before dispatch_ returns.
  pending *p = make(sizeof *p);
  *p = (pending){new_call(), now() + parigot_call_timeout, then, context, waiting};
  waiting = p;
  uint8_t out[CAPACITY];
  pb_writer request = {0}, bundle = {0};
  pb_bytes reply;
  put_id(&bundle, METHOD_BUNDLE_HOST_ID, host_id());
  put_id(&bundle, METHOD_BUNDLE_SERVICE_ID, remote->service);
  put_id(&bundle, METHOD_BUNDLE_METHOD_ID, id);
  put_id(&bundle, METHOD_BUNDLE_CALL_ID, p->call);
  pb_message(&request, DISPATCH_REQUEST_BUNDLE, bundle);
  put_payload(&request, DISPATCH_REQUEST_PARAM, param);
  must("dispatch_", invoke(dispatch_, request, out, &reply));
}

static void answer(parigot_call *call, const parigot_payload *result, int32_t err) {
  uint8_t out[CAPACITY];
  pb_writer request = {0};
  pb_bytes reply;
  pb_data(&request, RETURN_VALUE_REQUEST_BUNDLE, call->bundle, call->length);
  if (!err) put_payload(&request, RETURN_VALUE_REQUEST_RESULT, result);
  pb_number(&request, RETURN_VALUE_REQUEST_RESULT_ERROR, (uint64_t)(int64_t)err);
  free(call);
  int32_t code = invoke(return_value_, request, out, &reply);
  if (code != PARIGOT_CALLER_UNAVAILABLE) must("return_value_", code);
}

void parigot_return(parigot_call *call, const parigot_payload *result) { answer(call, result, 0); }
void parigot_fail(parigot_call *call, int32_t err) { answer(call, NULL, err); }

void parigot_exit(parigot_service *self, int32_t code, bool everybody) {
  uint8_t out[CAPACITY];
  pb_writer request = {0}, pair = {0};
  pb_bytes reply;
  put_id(&pair, EXIT_PAIR_SERVICE_ID, self->id);
  pb_number(&pair, EXIT_PAIR_CODE, (uint64_t)(int64_t)code);
  pb_message(&request, EXIT_REQUEST_PAIR, pair);
  parigot_id call = new_call();
  put_id(&request, EXIT_REQUEST_CALL_ID, call);
  put_id(&request, EXIT_REQUEST_HOST_ID, host_id());
  put_id(&request, EXIT_REQUEST_METHOD_ID, exit_method);
  pb_number(&request, EXIT_REQUEST_SHUTDOWN_ALL, everybody);
  must("exit_", invoke(exit_, request, out, &reply));
  // parigot's library does both: it asks, and then returns a value of that very call.
  pb_writer returned = {0}, bundle = {0}, any = {0};
  put_id(&bundle, METHOD_BUNDLE_HOST_ID, host_id());
  put_id(&bundle, METHOD_BUNDLE_SERVICE_ID, self->id);
  put_id(&bundle, METHOD_BUNDLE_METHOD_ID, exit_method);
  put_id(&bundle, METHOD_BUNDLE_CALL_ID, call);
  pb_message(&returned, RETURN_VALUE_REQUEST_BUNDLE, bundle);
  pb_text(&any, ANY_TYPE_URL, "type.googleapis.com/syscall.v1.ExitResponse");
  pb_message(&returned, RETURN_VALUE_REQUEST_RESULT, any);
  must("return_value_ of an exit", invoke(return_value_, returned, out, &reply));
}

// --- the loop -----------------------------------------------------------------------------------------------------------

static void serve(pb_bytes bundle, pb_bytes param) {
  parigot_call *call = make(sizeof *call + (bundle.end - bundle.at));
  call->length = bundle.end - bundle.at;
  memcpy(call->bundle, bundle.at, call->length);
  parigot_id service = {0}, called = {0};
  for (pb_field f; next(&bundle, &f);) {
    if (f.number == METHOD_BUNDLE_SERVICE_ID) service = get_id(f.bytes);
    if (f.number == METHOD_BUNDLE_METHOD_ID) called = get_id(f.bytes);
  }
  for (parigot_service *s = services; s; s = s->next)
    for (method *m = s->methods; m; m = m->next)
      if (same(s->id, service) && same(m->id, called)) {
        parigot_payload payload = get_payload(param);
        m->handler(call, &payload);
        free((char *)payload.text);
        return;
      }
  parigot_fatal("a call of a method that was not bound", 0);
}

// Takes the pending call out of the list, and tells it.
static void finish(pending **at, const parigot_payload *result, int32_t err) {
  pending *p = *at;
  *at = p->next;
  if (p->then) p->then(p->context, result, err);
  free(p);
}

static void resolve(pb_bytes resolved) {
  parigot_id call = {0};
  pb_bytes result = {0};
  int32_t err = 0;
  for (pb_field f; next(&resolved, &f);) {
    if (f.number == RESOLVED_CALL_CALL_ID) call = get_id(f.bytes);
    if (f.number == RESOLVED_CALL_RESULT) result = f.bytes;
    if (f.number == RESOLVED_CALL_RESULT_ERROR) err = (int32_t)f.value;
  }
  for (parigot_service *s = services; s; s = s->next)
    if (same(s->launch, call)) {
      s->launch = (parigot_id){0};
      must("launch", err);
      if (s->then) s->then(s);
      return;
    }
  for (pending **at = &waiting; *at; at = &(*at)->next)
    if (same((*at)->call, call)) {
      parigot_payload payload = get_payload(result);
      finish(at, &payload, err);
      free((char *)payload.text);
      return;
    }
}

static void expire(void) {
  int64_t time = now();
  for (pending **at = &waiting; *at;) {
    if ((*at)->expires <= time) {
      finish(at, NULL, PARIGOT_RUN_TIMEOUT);
      at = &waiting;  // whoever was told may have changed the list
    } else {
      at = &(*at)->next;
    }
  }
}

static void exit_as_told(pb_bytes pair) {
  parigot_id service = {0};
  int32_t code = 0;
  for (pb_field f; next(&pair, &f);) {
    if (f.number == EXIT_PAIR_SERVICE_ID) service = get_id(f.bytes);
    if (f.number == EXIT_PAIR_CODE) code = (int32_t)f.value;
  }
  if (service.high || service.low) exit(code);
}

void parigot_step(void) {
  static uint8_t *out;
  if (!out) out = make(CAPACITY);
  expire();
  pb_writer request = {0};
  pb_bytes reply, bundle = {0}, param = {0}, resolved = {0}, pair = {0};
  pb_number(&request, READ_ONE_REQUEST_TIMEOUT_IN_MILLIS, READ_TIMEOUT);
  put_id(&request, READ_ONE_REQUEST_HOST_ID, host_id());
  int32_t code = invoke(read_one_, request, out, &reply);
  if (code == PARIGOT_READ_ONE_TIMEOUT) return;  // as parigot's own kernel says it
  if (code == PARIGOT_DATA_TOO_LARGE) return;  // somebody sent what does not fit, and that is gone
  must("read_one_", code);
  for (pb_field f; next(&reply, &f);) {
    if (f.number == READ_ONE_RESPONSE_BUNDLE) bundle = f.bytes;
    if (f.number == READ_ONE_RESPONSE_PARAM_OR_RESULT) param = f.bytes;
    if (f.number == READ_ONE_RESPONSE_RESOLVED) resolved = f.bytes;
    if (f.number == READ_ONE_RESPONSE_EXIT) pair = f.bytes;
  }
  if (pair.at) exit_as_told(pair);  // unless it is empty, as it is beside most calls that were resolved
  if (resolved.at) resolve(resolved);
  else if (bundle.at) serve(bundle, param);
}

_Noreturn void parigot_loop(void) {
  for (;;) parigot_step();
}
