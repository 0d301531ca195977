// The service call that is measured: 64 bytes in, 64 bytes out, by the `parigot` ABI. With LINKED, client.c and
// provider.c are one program, and it is a plain call.
#pragma once

#include <stdint.h>

enum { MESSAGE = 64, CAPACITY = 4096 };

// The bytes of a request, of which the client changes eight each time, and the provider reads as many.
#ifndef REQUEST
#define REQUEST MESSAGE
#endif

#ifdef LINKED
#define SERVICE_IMPORT(module, name)
#define SERVICE_EXPORT(name)
#else
#define SERVICE_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define SERVICE_EXPORT(name) __attribute__((export_name(name)))
#endif
