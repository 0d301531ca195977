// The blocking imports, which ../driver.wat answers.
#ifndef TEST_H
#define TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define TEST(name) __attribute__((import_module("test"), import_name(#name))) name
#define EXPORT(name) __attribute__((export_name(#name))) name

int TEST(wait)(int question);
double TEST(wait_wide)(int64_t number, double fraction);

#endif
